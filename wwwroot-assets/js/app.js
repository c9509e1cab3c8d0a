import "./composer.js";
import "./conversation.js";
import "./keys.js";
import "./forms.js";
import { connect } from "./connection.js";
import { showTimes } from "./times.js";
import { keepDraft } from "./drafts.js";

Object.assign(OpAgent, {
  copy: text => navigator.clipboard.writeText(text),
  draft: keepDraft,
});
showTimes();
connect();
