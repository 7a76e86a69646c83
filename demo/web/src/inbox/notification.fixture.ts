import type { Notification } from "nexios/notifications";

/** A notification that has come to a device, and no further. */
export function item(id: number, others: Partial<Notification> = {}): Notification {
  const facts = { isReceived: true, isSeen: false, isRead: false, isDone: false, announces: true, steps: [], deliveries: [] };
  return {
    id: String(id),
    category: "outbid",
    title: `Lot ${id}`,
    priority: "normal",
    count: 1,
    createdAt: 0,
    updatedAt: 0,
    position: id,
    ...facts,
    ...others,
  };
}
