import { describe, expect, it } from '@jest/globals';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const floors = 'platform|directory|idp|policy|admin-ui|clients|demo|migrations|scripts|bench|test|docs';
const inCode = new RegExp(`\`((?:${floors})/[\\w./-]*)\``, 'g');
const link = /\]\((?!https?:|#|mailto:)([^)#]+)/g;

describe('what the documents name', () => {
  const pages = globSync('{*.md,docs/**/*.md,clients/**/*.md,test/**/*.md}', {
    cwd: root,
    exclude: ['node_modules/**', '**/node_modules/**'],
  });

  it.each(pages)('%s names paths that are there', (page) => {
    const text = readFileSync(path.join(root, page), 'utf8');
    const paths = [
      ...[...text.matchAll(inCode)].map(([, one]) => one!),
      ...[...text.matchAll(link)].map(([, one]) => path.join(path.dirname(page), one!.trim())),
    ];
    // What a bundle or a run makes is not in the checkout.
    const missing = paths.filter((one) => !one.includes('…') && !existsSync(path.join(root, one)));
    expect(missing).toEqual([]);
  });
});
