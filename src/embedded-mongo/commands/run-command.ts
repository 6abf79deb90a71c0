import { asCommandError, CommandError } from '../errors';
import { type Doc } from '../bson/values';
import { administrationCommands } from './administration';
import { aggregateCommands } from './aggregate';
import { findAndModifyCommands } from './find-and-modify';
import { handshakeCommands } from './handshake';
import { readCommands } from './reads';
import { type Command, CommandRequest, type ServerState } from './request';
import { writeCommands } from './writes';

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
