/** The site whose visitors are counted: the parameter of `activity/{site}`. */
export const siteName = "saleroom";
