import "./composer.js";
import "./conversation.js";
import "./keys.js";
import "./forms.js";
import { connect } from "./connection.js";
import { showTimes } from "./times.js";
import { keepDraft } from "./drafts.js";
import { copyText } from "./clipboard.js";

Object.assign(OpAgent, {
  copy: copyText,
  draft: keepDraft,
});
showTimes();
connect();
