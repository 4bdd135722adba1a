// What the page suggests to ask is asked by a click.
for (const button of document.querySelectorAll("button.say")) {
  button.addEventListener("click", () => window.Kefu?.sendMessage(button.textContent));
}
