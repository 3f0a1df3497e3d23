/** How the variants of a split campaign do, and a person's choice before the test decides. */
import { Button, Progress, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatNumber, formatPercent } from '@/lib/format';
import { formatSums } from '@/pickers/deals/money';
import { toastError } from '@/ui/toast';
import { type Campaign, useChooseWinner } from '../api';
import { letterOf, shareText, sumsOf, wonOf } from '../model';
import { TableCard } from './TableCard';

export function Variants({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const choose = useChooseWinner(campaign.id);
  const mayEdit = useMay('editor');
  const isOpen = campaign.winner === null && (campaign.state === 'sending' || campaign.state === 'paused');
  const heads = (['sent', 'opened', 'clicked', 'replied', 'revenue', 'chance'] as const).map((name) =>
    t(`report.${name}`),
  );
  return (
    <TableCard title={t('report.variants')} heads={[t('split.title'), ...heads]}>
      {campaign.variants.map((item) => (
        <Table.Tr key={item.number}>
          <Table.Td>
            <Text size="sm" fw={600} component="span">
              {letterOf(item.number)}
            </Text>{' '}
            {item.subject || campaign.subject || t('split.variant', { letter: letterOf(item.number) })}
            {campaign.winner === item.number && (
              <Text component="span" size="xs" fw={700} c="teal.8" ml={8}>
                {t('report.winner')}
              </Text>
            )}
            {isOpen && mayEdit && (
              <Button
                size="compact-xs"
                variant="default"
                ml={8}
                onClick={() => choose.mutate(item.number, { onError: toastError })}
              >
                {t('report.choose', { letter: letterOf(item.number) })}
              </Button>
            )}
          </Table.Td>
          <Table.Td ta="right">{formatNumber(item.figures.sent)}</Table.Td>
          <Table.Td ta="right">{shareText(item.figures.opened, item.figures.sent)}</Table.Td>
          <Table.Td ta="right">{shareText(item.figures.clicked, item.figures.sent)}</Table.Td>
          <Table.Td ta="right">{shareText(item.figures.replied, item.figures.sent)}</Table.Td>
          <Table.Td ta="right" className="num">
            {wonOf(item.figures.revenue) > 0 ? formatSums(sumsOf(item.figures.revenue)) : '–'}
          </Table.Td>
          <Table.Td ta="right" miw={110}>
            {item.chance === null ? '–' : formatPercent(item.chance)}
            <Progress value={(item.chance ?? 0) * 100} size={4} mt={4} aria-hidden />
          </Table.Td>
        </Table.Tr>
      ))}
    </TableCard>
  );
}
