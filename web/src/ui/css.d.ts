import 'react';

declare module 'react' {
  // Custom properties are allowed in style objects.
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface can be extended
  interface CSSProperties {
    [name: `--${string}`]: string | number | undefined;
  }
}
