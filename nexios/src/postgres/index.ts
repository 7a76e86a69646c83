export { createNotifyBroker, type NotifyBrokerOptions } from "./notify-broker.ts";
