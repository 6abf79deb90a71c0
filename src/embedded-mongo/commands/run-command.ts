import { asCommandError, CommandError } from '../errors.js';
import { type Doc } from '../bson/values.js';
import { administrationCommands } from './administration.js';
import { aggregateCommands } from './aggregate.js';
import { findAndModifyCommands } from './find-and-modify.js';
import { handshakeCommands } from './handshake.js';
import { readCommands } from './reads.js';
import { type Command, CommandRequest, type ServerState } from './request.js';
import { writeCommands } from './writes.js';

const COMMANDS: Record<string, Command> = {
  ...handshakeCommands,
  ...readCommands,
  ...aggregateCommands,
  ...writeCommands,
  ...findAndModifyCommands,
  ...administrationCommands,
};

/** Fields that any command may carry and that change nothing on one server without a replica. */
const HARMLESS = [
  '$db',
  'lsid',
  '$clusterTime',
  '$readPreference',
  'readConcern',
  'writeConcern',
  'maxTimeMS',
  'comment',
];
const TRANSACTION = ['txnNumber', 'startTransaction', 'autocommit'];

/** Runs a command to its reply; an error becomes a reply too. */
export function runCommand(body: Doc, state: ServerState): Doc {
  try {
    const [name = ''] = Object.keys(body);
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!command) throw new CommandError('CommandNotFound', `no such command: '${name}'`);
    if (TRANSACTION.some((option) => option in body)) {
      throw new CommandError(
        'IllegalOperation',
        'Transaction numbers are only allowed on a replica set member or mongos',
      );
    }
    const request = new CommandRequest(name, body, state);
    if (command.options) request.refuseUnknown([name, ...HARMLESS, ...command.options]);
    return command.run(request);
  } catch (error) {
    return asCommandError(error).toReply();
  }
}
