-- Signing out names nobody in an address any more, so the ID token of a session is kept no longer.

alter table web_session drop column id_token;
