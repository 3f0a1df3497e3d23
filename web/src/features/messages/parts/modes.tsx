/** Messages written as HTML, in MJML, in Markdown or as plain text: their source, and the text part beside it. */
import { Stack, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Content } from '../api';
import type { MessageDocument } from '../blocks';

type Mode = 'html' | 'mjml' | 'markdown' | 'text';
export const modes: Mode[] = ['html', 'mjml', 'markdown', 'text'];

/** What a new message of a mode begins with: something that shows how it is written. */
export const beginnings: Record<Mode, MessageDocument> = {
  html: { version: 1, kind: 'html', html: '<h1>Hello %FIRSTNAME|there%</h1>\n<p>Write here.</p>\n' },
  mjml: {
    version: 1,
    kind: 'mjml',
    mjml: [
      '<mjml>',
      '  <mj-body>',
      '    <mj-section>',
      '      <mj-column>',
      '        <mj-text>Hello %FIRSTNAME|there%</mj-text>',
      '      </mj-column>',
      '    </mj-section>',
      '  </mj-body>',
      '</mjml>',
      '',
    ].join('\n'),
  },
  markdown: {
    version: 1,
    kind: 'markdown',
    markdown: '# Hello %FIRSTNAME|there%\n\nWrite **here**, with [links](https://example.com).\n',
  },
  text: { version: 1, kind: 'text', text: 'Hello %FIRSTNAME|there%,\n\nwrite here.\n' },
};

type Props = { content: Content; onChange: (content: Content, mark?: string) => void };

export function SourceForm({ content, onChange }: Props) {
  const { t } = useTranslation('messages');
  const { document } = content;
  if (document.kind === 'email') return null;
  const field = (name: Mode, label: string, description?: string) => (
    <Textarea
      key={name}
      label={label}
      description={description}
      autosize
      minRows={name === 'text' && document.kind !== 'text' ? 3 : 10}
      maxRows={24}
      spellCheck={document.kind === 'text'}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
      value={document[name] ?? ''}
      onChange={(event) => onChange({ ...content, document: { ...document, [name]: event.currentTarget.value } }, name)}
    />
  );
  return (
    <Stack gap="sm">
      {document.kind !== 'text' && field(document.kind, t(document.kind))}
      {field(
        'text',
        t('plain'),
        document.kind === 'text' ? undefined : t(document.kind === 'markdown' ? 'plainHintMarkdown' : 'plainHint'),
      )}
    </Stack>
  );
}
