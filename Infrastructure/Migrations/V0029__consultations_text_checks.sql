-- WeChat's word on a citizen's message: Pass, Review or Risky with its label; null while nobody has said one.
ALTER TABLE messages ADD COLUMN text_check {code} NULL;
ALTER TABLE messages ADD COLUMN text_check_label {int} NULL;
