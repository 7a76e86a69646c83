import { createContext, createElement, type ReactElement, type ReactNode, useContext } from "react";
import type { Client } from "../client/index.ts";

const ClientContext = createContext<Client | undefined>(undefined);

/** What `RealtimeProvider` takes. */
export interface RealtimeProviderProps {
  /** Made once, outside of components. Whoever made it closes it: it outlives what is shown. */
  readonly client: Client;
  readonly children?: ReactNode;
}

/** Gives the hooks below it their client. */
export function RealtimeProvider({ client, children }: RealtimeProviderProps): ReactElement {
  return createElement(ClientContext.Provider, { value: client }, children);
}

/** The client of the nearest provider. @throws TypeError if there is none */
export function useClient(): Client {
  const client = useContext(ClientContext);
  if (client === undefined) throw new TypeError("There is no <RealtimeProvider client={...}> around this component");
  return client;
}
