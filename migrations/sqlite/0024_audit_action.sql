-- What is written down in the history is an action; the triggers that guard it follow the name.
alter table audit_events rename column deed to action;
