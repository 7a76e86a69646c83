// Shows what is pushed while no page is open, and leads back to a page when it is clicked. It caches nothing: the house is live, or it is nothing.
addEventListener("push", (event) => {
  const { id, title, body, link, collapseKey, at, priority } = read(event.data);
  event.waitUntil(
    registration.showNotification(title, {
      body,
      // What comes twice, or takes the place of an earlier one, is one.
      tag: collapseKey ?? id,
      renotify: priority === "high" || priority === "critical",
      timestamp: at,
      icon: "/favicon.svg",
      data: { link },
    }),
  );
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.link));
});

function read(data) {
  try {
    return { title: "Saleroom", id: "saleroom", ...data.json() };
  } catch {
    // A browser takes the right to push from who shows nothing.
    return { title: "Saleroom", id: "saleroom" };
  }
}

async function open(link) {
  const path = typeof link === "string" && /^\/(?!\/)/.test(link) ? link : "/inbox";
  const [page] = await clients.matchAll({ type: "window", includeUncontrolled: true });
  if (page === undefined) return clients.openWindow(path);
  // A page keeps its person and its connection: it is told where to go, not loaded anew.
  page.postMessage({ open: path });
  return page.focus();
}
