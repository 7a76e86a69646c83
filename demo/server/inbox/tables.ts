import type { Migration } from "nexios";

/** What the notices have to know of before. */
export const inboxMigrations: readonly Migration[] = [
  { number: 1, name: "who leads a lot", sql: "create table lot_leads (lot text primary key, leader text not null)" },
  {
    number: 2,
    name: "who follows a lot",
    sql: "create table lot_followers (lot text not null, follower text not null, primary key (lot, follower))",
  },
  {
    number: 3,
    name: "who is named in a text",
    sql: "create table text_mentions (text text not null, person text not null, total integer not null, by_others integer not null, primary key (text, person))",
  },
];
