/** What a visitor may have at stake over all lots, in the smallest unit of any currency. */
export const visitorLimit = 10_000_000;
