const PATHS = {
  account: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM5 20c.8-3.400 3.600-5 7-5s6.200 1.600 7 5',
  close: 'M6 6l12 12M18 6L6 18',
  details: 'M5 12h.01M12 12h.01M19 12h.01',
  pin: 'M9 4h6l-1 6 3 3v2H7v-2l3-3-1-6M12 15v6',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM16 16l4.500 4.500',
  sync: 'M20 11a8 8 0 0 0-14.300-4M4 4v4h4M4 13a8 8 0 0 0 14.300 4M20 20v-4h-4',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5',
  waiting: 'M12 19V6M6 11.500 12 5.500l6 6',
  keys: 'M4 7h16v10H4zM8 14h8M8 10.500h.01M12 10.500h.01M16 10.500h.01',
} as const;

/** Says nothing to a screen reader: what it stands for is said by what it is in. */
export function Icon({ name, class: more = '' }: { name: keyof typeof PATHS; class?: string }) {
  return (
    <svg class={`icon icon-${name} ${more}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

export function Mark() {
  return <img class="mark" src="/favicon.svg" alt="" width="28" height="28" />;
}
