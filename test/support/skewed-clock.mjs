/** Preloaded with `--import <this file>?ms=<n>`: the process's clock is so many milliseconds ahead. */
const ms = Number(new URL(import.meta.url).searchParams.get('ms'));
const SystemDate = Date;

globalThis.Date = class Date extends SystemDate {
  constructor(...given) {
    super(...(given.length > 0 ? given : [SystemDate.now() + ms]));
  }

  static now() {
    return SystemDate.now() + ms;
  }
};
