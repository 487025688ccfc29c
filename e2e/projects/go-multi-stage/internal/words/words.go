package words

const Greeting = "ahoy from Go"
