/** Words that stand in their places before the code of the inbox is there, with which all others come. */
export const inboxName = "Notifications";
export const preferencesName = "Notification preferences";
