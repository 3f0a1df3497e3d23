/** Clicks laid over the message: a badge on each link, and the same figures in a table beside it. */
import { Card, Group, SegmentedControl, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type CSSProperties, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatPercent, formatShort } from '@/lib/format';
import { ErrorView, LoadingRows } from '@/ui/States';
import { type Campaign, type LinkCount, linkMapQuery } from '../api';
import classes from '../link-map.module.css';
import { letterOf, type MappedLink, mappedLinks } from '../model';
import { useLinkPlaces } from '../use-link-places';
import { LinkTable } from './LinkTable';

export function LinkMap({ campaign, links }: { campaign: Campaign; links: LinkCount[] }) {
  const { t } = useTranslation('campaigns');
  const sent = campaign.variants.filter((item) => item.sent_message_id !== null).map((item) => item.number);
  const [asked, setAsked] = useState<number | null>(null);
  const variant = asked ?? campaign.winner ?? sent[0];
  if (variant === undefined) return null;
  return (
    <Card padding="lg">
      <Group justify="space-between" align="start" mb="md">
        <div>
          <Title order={2} size="h5">
            {t('report.map.title')}
          </Title>
          <Text size="sm" c="dimmed" maw={620}>
            {t('report.map.text')}
          </Text>
        </div>
        {sent.length > 1 && (
          <SegmentedControl
            aria-label={t('report.map.variant')}
            value={String(variant)}
            data={sent.map((number) => ({ value: String(number), label: letterOf(number) }))}
            onChange={(value) => setAsked(Number(value))}
          />
        )}
      </Group>
      <VariantMap key={variant} campaignId={campaign.id} variant={variant} links={mappedLinks(links, variant)} />
    </Card>
  );
}

function VariantMap({ campaignId, variant, links }: { campaignId: number; variant: number; links: MappedLink[] }) {
  const { t } = useTranslation('campaigns');
  const page = useQuery(linkMapQuery(campaignId, variant));
  if (page.isPending) return <LoadingRows count={5} />;
  if (page.isError) return <ErrorView error={page.error} onRetry={() => void page.refetch()} />;
  if (links.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('report.map.none')}
      </Text>
    );
  return <Overlay html={page.data.html} links={links} />;
}

function Overlay({ html, links }: { html: string; links: MappedLink[] }) {
  const { t } = useTranslation('campaigns');
  const { frame, onLoad, height, places } = useLinkPlaces();
  const [chosen, setChosen] = useState<number | null>(null);
  const byNumber = new Map(links.map((link) => [link.link, link]));
  const choose = (number: number) => {
    setChosen(number);
    document.getElementById(`spot-${number}`)?.scrollIntoView({ block: 'nearest' });
  };
  const first = new Set<number>();
  return (
    <div className={classes.columns}>
      <section className={classes.scroll} aria-label={t('report.map.frame')} tabIndex={0}>
        <div className={classes.sheet} style={{ minHeight: height }}>
          {/* No scripts run in it; same-origin only lets this page measure where its links stand. */}
          <iframe
            ref={frame}
            className={classes.frame}
            title={t('report.map.frame')}
            sandbox="allow-same-origin"
            srcDoc={html}
            onLoad={onLoad}
            tabIndex={-1}
            scrolling="no"
          />
          <div aria-hidden>
            {places.map((place) => {
              const link = byNumber.get(place.link);
              if (!link) return null;
              const isFirst = !first.has(place.link);
              first.add(place.link);
              const { top, left, width, height: tall } = place;
              return (
                <button
                  key={place.key}
                  id={isFirst ? `spot-${place.link}` : undefined}
                  type="button"
                  tabIndex={-1}
                  title={link.url}
                  className={classes.spot}
                  data-chosen={chosen === place.link || undefined}
                  style={{ top, left, width, height: tall, '--heat': link.heat } as CSSProperties}
                  onClick={() => setChosen(place.link)}
                >
                  <span className={classes.badge}>
                    {formatShort(link.clicks)}
                    {link.share !== null && ` · ${formatPercent(link.share)}`}
                  </span>
                </button>
              );
            })}
          </div>
        </div>
      </section>
      <LinkTable links={links} shown={new Set(places.map((place) => place.link))} chosen={chosen} onChoose={choose} />
    </div>
  );
}
