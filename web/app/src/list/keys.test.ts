import { describe, expect, it } from 'vitest';
import { type Command, commandOf, type Place } from './keys';

const PAGE: Place = { typing: false, inList: false, onRow: false, inSheet: false, letters: true };
const ROW: Place = { ...PAGE, inList: true, onRow: true };
const press = (key: string, more = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  repeat: false,
  ...more,
});

describe('the keyboard', () => {
  it.each<[string, Command]>([
    ['ArrowDown', 'down'],
    ['j', 'down'],
    ['ArrowUp', 'up'],
    ['k', 'up'],
    ['Home', 'first'],
    ['End', 'last'],
    ['Enter', 'edit'],
    ['p', 'pin'],
    ['h', 'details'],
    ['Delete', 'delete'],
    ['n', 'add'],
    ['/', 'search'],
    ['?', 'help'],
  ])('on a row: %s means %s', (key, command) => {
    expect(commandOf(press(key), ROW)).toBe(command);
  });

  it('deals with one task alone while a key is held down, but moves on', () => {
    for (const key of ['Delete', 'Backspace', 'p', 'e'])
      expect(commandOf(press(key, { repeat: true }), ROW)).toBeNull();
    expect(commandOf(press('j', { repeat: true }), ROW)).toBe('down');
  });

  it('leaves Space to the row’s box', () => {
    expect(commandOf(press(' '), ROW)).toBeNull();
  });

  it.each(['n', '/', '?', 'j', 'p', 'Delete', 'Enter', 'Home', 'ArrowDown'])(
    'never takes %s from who types',
    (key) => {
      expect(commandOf(press(key), { ...ROW, typing: true })).toBeNull();
      expect(commandOf(press(key), { ...PAGE, typing: true })).toBeNull();
    },
  );

  it.each(['Enter', 'Delete', 'p'])('leaves %s to a row’s buttons', (key) => {
    expect(commandOf(press(key), { ...ROW, onRow: false })).toBeNull();
  });

  it.each(['n', '/', 'Enter', 'j'])('leaves %s to an open sheet', (key) => {
    expect(commandOf(press(key), { ...PAGE, inSheet: true })).toBeNull();
  });

  it('leaves the browser its own shortcuts', () => {
    expect(commandOf(press('p', { ctrlKey: true }), ROW)).toBeNull();
    expect(commandOf(press('n', { metaKey: true }), PAGE)).toBeNull();
    expect(commandOf(press('j', { altKey: true }), PAGE)).toBeNull();
  });

  it('undoes by Ctrl+Z, but not for who types', () => {
    expect(commandOf(press('z', { ctrlKey: true }), PAGE)).toBe('undo');
    expect(commandOf(press('z', { metaKey: true }), ROW)).toBe('undo');
    expect(commandOf(press('z', { ctrlKey: true }), { ...PAGE, typing: true })).toBeNull();
  });

  it('has no letters outside of the list for who switched them off', () => {
    const off = { ...PAGE, letters: false };
    expect(['n', '/', '?', 'j'].map((key) => commandOf(press(key), off))).toEqual([null, null, null, null]);
    expect(commandOf(press('j'), { ...ROW, letters: false })).toBe('down');
  });
});
