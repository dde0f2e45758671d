-- One act is one review: what is stated again while its review runs goes under that review, with a decision of its own.

alter table override_review add column stated_again uuid[] not null default '{}';
comment on column override_review.stated_again is
  'Decisions of the same override sent again before any of them stood in the log: whichever of them does, something was given';
comment on column override_review.decision is
  'The decision that the override was for; where neither it nor one of stated_again has an entry in the log, nothing was given';
grant update (stated_again) on override_review to wayleave_app;
