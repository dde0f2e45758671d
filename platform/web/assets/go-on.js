// Sends the form of a page whose only purpose is to be sent; without scripts its button does.
document.getElementById('go-on').submit();
