/** The links of a variant with their figures; choosing one points to it in the message. */
import { Table, Text, UnstyledButton } from '@mantine/core';
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber, formatPercent } from '@/lib/format';
import classes from '../link-map.module.css';
import type { MappedLink } from '../model';

type Props = { links: MappedLink[]; shown: Set<number>; chosen: number | null; onChoose: (link: number) => void };

export function LinkTable({ links, shown, chosen, onChoose }: Props) {
  const { t } = useTranslation('campaigns');
  return (
    <div className={classes.tableScroll}>
      <Table aria-label={t('report.links')} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('report.address')}</Table.Th>
            <Table.Th ta="right">{t('report.clicks')}</Table.Th>
            <Table.Th ta="right">{t('report.map.share')}</Table.Th>
            <Table.Th ta="right">{t('report.people')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {links.map((link) => (
            <Table.Tr key={link.link} className={classes.row} data-chosen={chosen === link.link || undefined}>
              <Table.Td className={classes.cell}>
                <UnstyledButton
                  className={classes.address}
                  aria-pressed={chosen === link.link}
                  aria-label={t('report.map.show', { url: link.url })}
                  title={link.url}
                  onClick={() => onChoose(link.link)}
                >
                  <span className={classes.dot} style={{ '--heat': link.heat } as CSSProperties} />
                  <Text component="span" size="sm">
                    {shortened(link.url)}
                  </Text>
                </UnstyledButton>
                {shown.size > 0 && !shown.has(link.link) && (
                  <Text size="xs" c="dimmed" pl={16}>
                    {t('report.map.hidden')}
                  </Text>
                )}
              </Table.Td>
              <Table.Td ta="right" className="num">
                {formatNumber(link.clicks)}
              </Table.Td>
              <Table.Td ta="right" className="num">
                {link.share === null ? '–' : formatPercent(link.share)}
              </Table.Td>
              <Table.Td ta="right" className="num">
                {formatNumber(link.people)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

/** What tells one address from another in little room: no scheme, no tags for web analytics. */
function shortened(url: string): string {
  const [address = '', query = ''] = url.replace(/^https?:\/\//, '').split('?');
  const [own = '', fragment] = query.split('#');
  const kept = own.split('&').filter((part) => part && !part.startsWith('utm_'));
  return `${address}${kept.length ? `?${kept.join('&')}` : ''}${fragment ? `#${fragment}` : ''}`;
}
