-- Under which name a gateway knows a message that it took: by it the gateway says later what became of it.

alter table messages add column gateway_name text;
create index messages_gateway_name on messages (gateway_name) where gateway_name is not null;
