/** OCI platform: `linux`, `amd64`, and for arm a variant such as `v8`. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}
