interface ButtonProps {
  readonly label: string;
  readonly isHeld: boolean;
  readonly isPressed?: boolean;
  readonly onPress: () => void;
}

/** What the auctioneer says; what can't be said now does nothing. */
export function DeskButton({ label, isHeld, isPressed, onPress }: ButtonProps) {
  return (
    <button type="button" className="button" aria-disabled={isHeld} aria-pressed={isPressed} onClick={() => isHeld || onPress()}>
      {label}
    </button>
  );
}
