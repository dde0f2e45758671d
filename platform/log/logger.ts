/** What the log needs of a logger; pino has it. */
export type Logger = { warn(details: object, message: string): void; error(details: object, message: string): void };
