/** A number with what it counts. */
import { Text } from '@mantine/core';

export function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div className="card" style={{ padding: 10 }}>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text fw={650} size="lg" className="num">
        {value}
      </Text>
    </div>
  );
}
