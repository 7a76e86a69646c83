import { useEffect, useReducer, useRef } from "react";
import { currentToken } from "../identity/identity-store.ts";
import { openLine } from "../line/open-line.ts";
import { type Arrived, type ControlAction, controlReducer, type ControlState } from "./control-state.ts";
import { parseMessage } from "./frame.ts";

/** What this tab saw last, shown at once when somebody comes back to the page. */
let remembered: Arrived | undefined;

/** The state of the control room, kept up to date by a line that lives as long as the page is shown. */
export function useControlRoom() {
  const [state, dispatch] = useReducer(controlReducer, undefined, startState);
  const wake = useRef(() => {});

  useEffect(() => {
    const line = openLine("/live/control", {
      token: currentToken,
      onStatus: (status) => dispatch({ kind: "line", status }),
      onText: (text) => {
        const message = parseMessage(text);
        if (message !== undefined) dispatch({ kind: "message", message, at: Date.now() });
      },
    });
    wake.current = line.wake;
    return line.close;
  }, []);

  useEffect(() => {
    if (state.newest !== undefined) remembered = { ...state.newest, isRemembered: true };
  }, [state.newest]);

  return { state, dispatch: dispatch as (action: ControlAction) => void, tryNow: () => wake.current() };
}

function startState(): ControlState {
  return { line: { kind: "connecting", since: Date.now() }, newest: remembered, held: undefined };
}
