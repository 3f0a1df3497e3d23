/** Where the links of a framed message stand, measured anew whenever the frame gets another width. */
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

export type Place = { key: string; link: number; top: number; left: number; width: number; height: number };

const MARK = '#link-';

function placesIn(document: Document): Place[] {
  return [...document.querySelectorAll<HTMLAnchorElement>(`a[href^="${MARK}"]`)].flatMap((anchor, index) => {
    const link = Number(anchor.getAttribute('href')?.slice(MARK.length));
    // A picture stands out of its anchor's line; of words on several lines the first line is marked.
    const inner = [...anchor.querySelectorAll('img')].map((element) => element.getBoundingClientRect());
    const boxes = inner.length > 0 ? inner : [anchor.getClientRects()[0] ?? anchor.getBoundingClientRect()];
    const top = Math.min(...boxes.map((box) => box.top));
    const left = Math.min(...boxes.map((box) => box.left));
    const width = Math.max(...boxes.map((box) => box.right)) - left;
    const height = Math.max(...boxes.map((box) => box.bottom)) - top;
    return width > 1 && height > 1 ? [{ key: `${index}`, link, top, left, width, height }] : [];
  });
}

export function useLinkPlaces(): {
  frame: RefObject<HTMLIFrameElement | null>;
  onLoad: () => void;
  height: number;
  places: Place[];
} {
  const frame = useRef<HTMLIFrameElement>(null);
  const [{ height, places }, setMeasured] = useState<{ height: number; places: Place[] }>({ height: 0, places: [] });
  const measure = useCallback(() => {
    const element = frame.current;
    const document = element?.contentDocument;
    if (!element || !document?.body) return;
    // A document is never lower than its frame: let go of the old height to see its own.
    element.style.height = '0px';
    const own = document.documentElement.scrollHeight;
    element.style.height = `${own}px`;
    setMeasured({ height: own, places: placesIn(document) });
  }, []);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    let width = element.clientWidth;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth === width) return;
      width = element.clientWidth;
      measure();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [measure]);
  return { frame, onLoad: measure, height, places };
}
