/** What a visitor may have at stake over all lots, in the smallest unit of any currency. */
export const visitorLimit = 2_000_000;
