-- Why a message did not leave stands in a column of its own, as a code; the words beside it are the relay's own, or say more
-- closely what was wrong. Until now the reason was read out of the words: from a mark of ours at their beginning, or from the
-- relay's reply (RFC 5321, RFC 3463). Of words that were erased nothing is known.

alter table message_events add column reason text;

update message_events
    set reason = 'unreachable', detail = ltrim(case when substr(detail, 15, 2) = ': ' then substr(detail, 17) else substr(detail, 15) end)
    where kind in ('put_off', 'failed') and reason is null and detail like 'cannot connect%';
update message_events
    set reason = 'host_unknown', detail = ltrim(case when substr(detail, 12, 2) = ': ' then substr(detail, 14) else substr(detail, 12) end)
    where kind in ('put_off', 'failed') and reason is null and detail like 'cannot find%';
update message_events
    set reason = 'too_slow', detail = ltrim(case when substr(detail, 10, 2) = ': ' then substr(detail, 12) else substr(detail, 10) end)
    where kind in ('put_off', 'failed') and reason is null and detail like 'no answer%';
update message_events
    set reason = 'dropped', detail = ltrim(case when substr(detail, 16, 2) = ': ' then substr(detail, 18) else substr(detail, 16) end)
    where kind in ('put_off', 'failed') and reason is null and detail like 'connection lost%';
update message_events
    set reason = 'not_encrypted', detail = ltrim(case when substr(detail, 14, 2) = ': ' then substr(detail, 16) else substr(detail, 14) end)
    where kind in ('put_off', 'failed') and reason is null and detail like 'not encrypted%';
update message_events
    set reason = 'sign_in_refused', detail = ltrim(case when substr(detail, 15, 2) = ': ' then substr(detail, 17) else substr(detail, 15) end)
    where kind in ('put_off', 'failed') and reason is null and detail like 'cannot sign in%';
update message_events
    set reason = 'interrupted', detail = ltrim(case when substr(detail, 12, 2) = ': ' then substr(detail, 14) else substr(detail, 12) end)
    where kind in ('put_off', 'failed') and reason is null and detail like 'interrupted%';
update message_events
    set reason = 'bad_address', detail = ltrim(case when substr(detail, 17, 2) = ': ' then substr(detail, 19) else substr(detail, 17) end)
    where kind in ('put_off', 'failed') and reason is null and detail like 'no valid address%';
update message_events
    set reason = 'broken', detail = ltrim(case when substr(detail, 15, 2) = ': ' then substr(detail, 17) else substr(detail, 15) end)
    where kind in ('put_off', 'failed') and reason is null and detail like 'internal error%';

update message_events
    set reason = coalesce(
        case
            when substr(detail, 1, 3) in ('530', '534', '535', '538') or detail like '%[AUTH]' then 'sign_in_refused'
            when substr(detail, 1, 1) = '5' and (detail like '%[connect]' or detail like '%[EHLO]'
                or detail like '%[STARTTLS]' or detail like '%[MAIL]') then 'relay_refuses'
        end,
        -- An enhanced status code: class, subject, detail.
        case when substr(detail, 5, 1) in ('4', '5')
            and (detail || ' ' like '___ _._._ %' or detail || ' ' like '___ _._.__ %' or detail || ' ' like '___ _._.___ %')
        then case
            when substr(detail, 1, 1) = '5' and substr(detail || ' ', 7, 4) in ('1.2 ', '4.4 ') then 'no_such_domain'
            when substr(detail, 1, 1) = '5' and substr(detail, 7, 1) = '1' then 'no_such_recipient'
            when substr(detail || ' ', 7, 4) = '2.2 ' then 'recipient_full'
            when substr(detail, 1, 1) = '5' and substr(detail, 7, 1) = '2' then 'recipient_closed'
            when substr(detail || ' ', 7, 4) = '3.4 ' then 'too_big'
            when substr(detail, 1, 1) = '5' and substr(detail, 7, 1) = '7' then 'unwanted'
        end end,
        case
            when substr(detail, 1, 3) in ('452', '552') then 'recipient_full'
            when substr(detail, 1, 3) = '421' then 'relay_busy'
            when substr(detail, 1, 1) = '4' then 'try_later'
            when substr(detail, 1, 3) in ('550', '551', '553') then 'no_such_recipient'
            when substr(detail, 1, 3) = '554' then 'unwanted'
            else 'refused'
        end
    )
    where kind in ('put_off', 'failed') and reason is null and length(detail) >= 3
        and substr(detail, 1, 1) in ('4', '5') and ltrim(substr(detail, 1, 3), '0123456789') = '';
