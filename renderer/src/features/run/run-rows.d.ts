export interface NameValueRow {
  readonly name: string;
  readonly value: string;
}
export declare const PROTOCOLS: readonly ['tcp', 'udp', 'sctp'];
export interface PortRow {
  /** `8080`, `8000-8009`, `127.0.0.1:8080`; empty: any that is free. */
  readonly host: string;
  /** `80`, `80-89`. */
  readonly container: string;
  readonly protocol: (typeof PROTOCOLS)[number];
}
export interface NetworkRow {
  readonly network: string;
  /** Several words. */
  readonly aliases: string;
  readonly address: string;
}
export declare const MOUNT_KINDS: readonly ['bind', 'volume'];
export interface MountRow {
  /** A folder of the machine, or a volume. */
  readonly kind: (typeof MOUNT_KINDS)[number];
  /** Of a volume: empty makes one without a name. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** The source must be there: a missing one is an error instead of a new folder. */
  readonly mustExist: boolean;
  readonly propagation: Propagation;
  /** Without what is mounted below the source. */
  readonly alone: boolean;
  /** Of a volume: what the image has at the target is not copied into it. */
  readonly noCopy: boolean;
  /** Of a volume: a folder in it. */
  readonly subpath: string;
}
export declare const PROPAGATIONS: readonly ['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave'];
export type Propagation = (typeof PROPAGATIONS)[number];
export interface TmpfsRow {
  readonly target: string;
  /** In MiB. */
  readonly size: string;
  /** Octal. */
  readonly mode: string;
  /** Words as mount(8) has them. */
  readonly options: string;
}
export declare const RATE_KINDS: readonly ['readBps', 'writeBps', 'readIops', 'writeIops', 'weightDevices'];
export type RateKind = (typeof RATE_KINDS)[number];
export interface RateRow {
  readonly kind: RateKind;
  readonly path: string;
  /** MiB or operations a second, or a weight. */
  readonly rate: string;
}
export interface UlimitRow {
  readonly name: string;
  readonly soft: string;
  readonly hard: string;
}
export interface DeviceRow {
  readonly hostPath: string;
  /** Empty: the same as on the host. */
  readonly containerPath: string;
  readonly permissions: string;
}
