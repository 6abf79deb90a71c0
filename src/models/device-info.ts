import { prop } from '@typegoose/typegoose';

/** Where a request came from, for the audit trail. */
export class DeviceInfo {
  @prop({ type: String })
  userAgent?: string;

  @prop({ type: String })
  ipAddress?: string;
}
