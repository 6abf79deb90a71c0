import { Gauge, type Registry } from 'prom-client';
import { z } from 'zod';
import { CENSUS_FIGURES, type CensusFigure } from '../grants/store/census.js';
import { type StoredCensus } from '../models/shared-census.js';

/** The samples may be those of another version of this server: a figure that is not known here is left out. */
const SAMPLE = z.object({ figure: z.enum(CENSUS_FIGURES), label: z.string(), value: z.number() });

/** The first label of a gauge is that of the sample. */
const GAUGES = {
  grants: { name: 'zoom_grants', labelNames: ['status'], help: 'Stored grants by status.' },
  refused_grants: {
    name: 'zoom_refused_grants',
    labelNames: [],
    help: 'Connected grants that Zoom has refused to refresh for a day or more.',
  },
  refresh_tokens: {
    name: 'zoom_refresh_tokens',
    labelNames: ['days'],
    help: 'Refresh tokens that expire in fewer days than this, unless they are used.',
  },
  keep_alive_backlog: {
    name: 'zoom_keep_alive_backlog',
    labelNames: [],
    help: 'Idle grants that are due to be refreshed, so that they do not expire.',
  },
  queue_entries: {
    name: 'zoom_queue_entries',
    labelNames: ['queue'],
    help: 'Entries that wait in a queue.',
  },
  queue_oldest_seconds: {
    name: 'zoom_queue_oldest_seconds',
    labelNames: ['queue'],
    help: 'How long the oldest entry of a queue had waited when it was counted.',
  },
  sealed_values: {
    name: 'zoom_sealed_values',
    labelNames: ['kid', 'known'],
    help: 'Refresh tokens of a sample by the key that sealed them; known: this process has a key of that id.',
  },
} as const satisfies Record<CensusFigure, { name: string; labelNames: readonly string[]; help: string }>;

/**
 * The gauges of what is stored. They tell the last census, which any instance may have taken, and so are the same at
 * every instance. Before the first census they have no series.
 */
export class CensusMetrics {
  readonly #takenAt: Gauge;
  readonly #gauges = new Map<CensusFigure, Gauge>();

  constructor(registry: Registry) {
    const registers = [registry];
    this.#takenAt = new Gauge({
      name: 'zoom_census_timestamp_seconds',
      help: 'When the figures of what is stored were counted (Unix time).',
      registers,
    });
    for (const figure of CENSUS_FIGURES) {
      const { labelNames, ...named } = GAUGES[figure];
      this.#gauges.set(figure, new Gauge({ ...named, labelNames: [...labelNames], registers }));
    }
    // A gauge without labels is born as 0, which nobody has counted.
    this.#takenAt.remove();
    for (const [figure, gauge] of this.#gauges) if (GAUGES[figure].labelNames.length === 0) gauge.remove();
  }

  /** Tells a census in place of the one before. `keyIds` are those of this process. */
  publish({ takenAt, samples }: StoredCensus, keyIds: ReadonlySet<string>): void {
    this.#takenAt.set(takenAt.getTime() / 1000);
    for (const [figure, gauge] of this.#gauges) if (GAUGES[figure].labelNames.length > 0) gauge.reset();
    for (const sample of Array.isArray(samples) ? samples : []) {
      const { success, data } = SAMPLE.safeParse(sample);
      if (success) this.#gauges.get(data.figure)?.set(labelsOf(data.figure, data.label, keyIds), data.value);
    }
  }
}

function labelsOf(figure: CensusFigure, label: string, keyIds: ReadonlySet<string>): Record<string, string> {
  const [name] = GAUGES[figure].labelNames;
  if (name === undefined) return {};
  return { [name]: label, ...(figure === 'sealed_values' && { known: String(keyIds.has(label)) }) };
}
