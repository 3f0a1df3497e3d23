/** What holds for the whole message: name, subject, preview text, colours; and what is worth a look. */
import { Alert, ColorInput, Select, Stack, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type Content, previewQuery } from '../api';
import { brandQuery } from '../library-api';
import { fonts } from '../looks';
import { SourceForm } from './modes';
import { TagMenu } from './TagMenu';

type Props = { content: Content; onChange: (content: Content, mark?: string) => void };
const colors = [
  ['sheet', '#ffffff', 'sheet'],
  ['background', '#f4f5f7', 'background'],
  ['link_color', '#4650c8', 'linkColor'],
] as const;

export function MessageForm({ content, onChange }: Props) {
  const { t } = useTranslation('messages');
  const { subject, preheader, document } = content;
  const { data } = useQuery(previewQuery({ subject, preheader, document }, null));
  const { data: brand } = useQuery(brandQuery);
  const settings = document.settings ?? {};
  return (
    <Stack gap="sm">
      <TextInput
        label={t('name')}
        value={content.name}
        maxLength={200}
        onChange={(event) => onChange({ ...content, name: event.currentTarget.value }, 'name')}
      />
      <TextInput
        label={t('subject')}
        value={subject}
        maxLength={500}
        rightSection={<TagMenu onInsert={(tag) => onChange({ ...content, subject: `${subject}${tag}` })} />}
        onChange={(event) => onChange({ ...content, subject: event.currentTarget.value }, 'subject')}
      />
      <TextInput
        label={t('preheader')}
        description={t('preheaderHint')}
        value={preheader}
        maxLength={500}
        onChange={(event) => onChange({ ...content, preheader: event.currentTarget.value }, 'preheader')}
      />
      {document.kind !== 'email' ? (
        <SourceForm content={content} onChange={onChange} />
      ) : (
        colors.map(([name, fallback, label]) => (
          <ColorInput
            key={name}
            label={t(label)}
            format="hex"
            withEyeDropper={false}
            swatches={brand?.colors ?? []}
            value={String(settings[name] ?? fallback)}
            onChangeEnd={(color) =>
              /^#[0-9a-f]{6}$/i.test(color) &&
              onChange({ ...content, document: { ...document, settings: { ...settings, [name]: color } } })
            }
          />
        ))
      )}
      {document.kind === 'email' && (
        <Select
          label={t('brand.font')}
          allowDeselect={false}
          data={fonts.map((font) => ({ value: font, label: font.split(',')[0]?.replaceAll("'", '') ?? font }))}
          value={fonts.find((font) => font === settings.font) ?? fonts[0]}
          onChange={(font) =>
            font && onChange({ ...content, document: { ...document, settings: { ...settings, font } } })
          }
        />
      )}
      {data && data.problems.length > 0 && (
        <Alert color="orange" icon={<IconAlertTriangle size={16} />} title={t('problems')}>
          {data.problems.map((problem) => (
            <div key={`${problem.block_id}${problem.message}`}>{problem.message}</div>
          ))}
        </Alert>
      )}
    </Stack>
  );
}
