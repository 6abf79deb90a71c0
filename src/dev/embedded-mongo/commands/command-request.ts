import { type Doc } from '../query/values.js';
import { type Catalog } from '../storage/catalog.js';
import { type Cursors } from './cursors.js';

/** The collections and the open cursors of a server. */
export interface ServerState {
  catalog: Catalog;
  cursors: Cursors;
}

/** One command, without the fields that change nothing here. */
export interface CommandRequest extends ServerState {
  name: string;
  database: string;
  body: Doc;
  /** The one instant of the command, `$$NOW`. */
  now: Date;
}
