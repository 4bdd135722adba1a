/** All rules, in the order in which later ones win. */

import tokens from "../../tokens/tokens.css?inline";
import base from "./styles/base.css?inline";
import cards from "./styles/cards.css?inline";
import composer from "./styles/composer.css?inline";
import forms from "./styles/forms.css?inline";
import header from "./styles/header.css?inline";
import messages from "./styles/messages.css?inline";
import states from "./styles/states.css?inline";

export const styles = tokens + header + composer + messages + cards + forms + states + base;
