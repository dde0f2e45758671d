/** Words that attackers try first, without the digits and signs that people add: small letters, usual letter swaps undone. */

const words = `
  password passw passwort passphrase pass letmein welcome admin administrator login signin changeme default secret access
  master monkey dragon shadow superman batman spiderman pokemon starwars hello helloworld whatever trustno trustnoi iloveyou
  loveyou lovely sunshine princess flower butterfly chocolate cookie banana orange cheese coffee football baseball basketball
  cricket rugby hockey soccer tennis golf arsenal chelsea liverpool everton manchester manutd tottenham rangers celtic
  newcastle newcastleunited sunderland safc nufc middlesbrough boro gateshead durham darlington hartlepool northumberland
  northumbria cleveland teesside tyneside england scotland ireland britain london yorkshire
  january february march april june july august september october november december
  monday tuesday wednesday thursday friday saturday sunday spring summer autumn winter christmas easter holiday
  charlie thomas george james jessica daniel matthew andrew michael michelle jordan harry oliver jack joshua samuel william
  robert richard david sarah emma sophie olivia amelia hannah ashley nicole jennifer elizabeth victoria alexander benjamin
  computer internet google microsoft windows laptop iphone samsung facebook office outlook network server database
  council police health hospital doctor nurse teacher school social worker socialworker safeguarding children childrens
  nhs nationalhealth government service services public protect security secure user username guest test testing tester
  temp temporary qwerty qwertyuiop qwertyui asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc abcabc abcdef abcd
  mustang corvette ferrari mercedes porsche yamaha harley guitar music rockstar ninja samurai killer hunter ranger soldier
  freedom peace angel angels heaven jesus christ blessed faith family mother father brother sister baby sweetheart
  buster bailey maggie tigger ginger pepper snoopy garfield mickey minnie daisy rosie molly bella poppy
  correcthorsebatterystaple letmeinnow openup opensesame sesame nopassword mypassword thepassword yourpassword newpassword
  passwordpassword welcomewelcome adminadmin qwertyqwerty
`;

/** About 250 base words; see `password_rules.ts` for how a password is brought to this form. */
export const commonPasswords: ReadonlySet<string> = new Set(words.split(/\s+/).filter(Boolean));
