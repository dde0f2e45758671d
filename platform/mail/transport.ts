/** How messages leave: by SMTP, or, where no server is configured, into files that a page shows. */
import { createTransport } from 'nodemailer';
import { writeMailFile } from './files.ts';
import type { Mail } from './message.ts';

type MailOptions = {
  /** The sender, `Wayleave <no-reply@wayleave.example>`. */
  from: string;
  smtpUrl?: string;
  dataDir: string;
};

export type MailTransport = {
  /** Hands over one message; `id` makes a repetition recognisable (Message-ID, file name). Throws when it was not taken. */
  send(id: string, mail: Mail): Promise<void>;
  close(): void;
};

/** Opens the transport that the configuration names. */
export function openMailTransport(options: MailOptions): MailTransport {
  return options.smtpUrl === undefined ? toFiles(options) : toServer(options, options.smtpUrl);
}

function toServer({ from }: MailOptions, smtpUrl: string): MailTransport {
  const url = new URL(smtpUrl);
  const transport = createTransport({
    // Without the brackets that an IPv6 address wears in a URL.
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || (url.protocol === 'smtps:' ? 465 : 587)),
    secure: url.protocol === 'smtps:',
    // Beyond this machine a password or a message must not cross the network in clear.
    requireTLS: url.protocol !== 'smtps:' && !isLoopback(url.hostname),
    ...(url.username === ''
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async (id, mail) => {
      await transport.sendMail(compose(from, id, mail));
    },
    close: () => transport.close(),
  };
}

function toFiles({ from, dataDir }: MailOptions): MailTransport {
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
  return {
    send: async (id, mail) => {
      const { message } = await composer.sendMail(compose(from, id, mail));
      await writeMailFile(dataDir, { id, at: Date.now() / 1000, ...mail }, message as Buffer);
    },
    close: () => composer.close(),
  };
}

function compose(from: string, id: string, { to, subject, text }: Mail): object {
  // An address as an object is taken as it stands; as text it would be parsed, and might turn out to be several.
  return {
    from,
    to: { name: '', address: to },
    subject,
    text,
    messageId: `<${id}@wayleave>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.');
}
