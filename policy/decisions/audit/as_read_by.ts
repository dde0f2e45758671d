/** The door through which entries of the log leave the service: a data subject bears there a pseudonym of the reader's own. */
import type { JsonObject } from '../../../platform/json.ts';
import type { LogEntry } from '../../../platform/log/read.ts';
import { openHidden } from '../deciding/explanation.ts';
import { pseudonymFor, type Reader } from '../involvement/pseudonym.ts';

/** The entry as this reader may see it. What was sealed beside it stays shut; one that does not open is shown as changed. */
export function asReadBy(masterKey: Buffer, reader: Reader, entry: LogEntry): LogEntry {
  const { event, content, parts } = entry;
  if (content === undefined) return entry;
  const own = (subject: string): string => pseudonymFor(masterKey, reader, subject);
  const hidden = openHidden(masterKey, entry);
  const { sealed: _, sealed_together: __, ...shown } = content;
  return {
    ...entry,
    ...(hidden === undefined && { intact: false }),
    content: parts === undefined ? translate(event, shown, own, hidden?.[0]?.subject) : shown,
    ...(parts && { parts: parts.map((part, number) => translateRecord(part, own, hidden?.[number]?.subject)) }),
  };
}

type Own = (subject: string) => string;

function translate(event: string, content: JsonObject, own: Own, subject: string | undefined): JsonObject {
  const { request, subject: about } = content;
  return {
    ...content,
    ...(/^(consent|involvement)\./.test(event) && typeof about === 'string' && { subject: own(about) }),
    ...(isObject(request) && { request: translateRecord(request, own, subject) }),
  };
}

/** `resource.data_subject`, and the name of a record that is named by the person's own number. */
function translateRecord(asked: JsonObject, own: Own, hidden: string | undefined): JsonObject {
  const { resource } = asked;
  if (!isObject(resource)) return asked;
  const subject = resource.data_subject ?? hidden;
  if (typeof subject !== 'string') return asked;
  const nameless = resource.id === subject || (resource.id === undefined && resource.data_subject === undefined);
  return { ...asked, resource: { ...resource, data_subject: own(subject), ...(nameless && { id: own(subject) }) } };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
