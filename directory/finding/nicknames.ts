/** Short and familiar forms of given names, and spellings that letters alone do not bring together. */

// Each line: names that people use for one another. A name may stand in several lines.
const groups = `
alexander alex alec sandy xander sasha aleksander alastair alasdair
alexandra alex sandra lexi sasha
abigail abby abi gail
agnieszka aga
albert bert bertie al
alfred alf alfie fred
alison ali allie
amanda mandy
andrew andy drew andrzej andrei
angela angie
anthony tony antony antoni
antonia toni
ann anne anna annie anya ania hannah nan nancy
barbara babs barb basia
beatrice bea trixie
benjamin ben benny benji
bernadette bernie
bridget bridie biddy
caroline carol carrie lyn
catherine katherine kathryn katarzyna kate katie kath kathy cathy kat kitty kasia kit trina catriona
charles charlie chas chuck karol
charlotte charlie lottie lotte
christine christina chris chrissie tina krystyna
christopher chris kit krzysztof
clare claire clara
daniel dan danny
danielle dani
david dave davey dawid dai
deborah debbie deb debs debra
diane diana di
dorothy dot dottie dolly
edward ed eddie ted teddy ned
elizabeth liz lizzie beth betty bess libby lisa eliza elsie elspeth elzbieta ela isabel
eleanor ellie nell nora elena ellen
emily em emmy millie
emma em emmy
ewa eva eve
fatima fatimah fatma fatema
florence flo florrie flossie
frances fran frankie francesca
francis frank frankie
frederick fred freddie
gabriel gabe
gabriella gabrielle gabi
geoffrey jeffrey geoff jeff
george jerzy georgie
georgina georgia george gina georgie
gerald gerard gerry jerry
gillian jill gill
grace gracie
gregory greg grzegorz
harold harry hal
harriet hattie harry
helen helena ellen nell
henry harry hal hank
herbert bert herb
isabel isabella isobel bella izzy
jacqueline jackie jacqui
jacob jake jakub kuba
james jim jimmy jamie jimmie seamus hamish
jane janey janet jan
janice jan
jennifer jen jenny jenni
jeremy jez jerry
jessica jess jessie
joan joanie
joanna joanne jo asia
john jack johnny jon ian sean jan juan
jonathan jon jonny jonty nathan
joseph joe joey jo josef yusuf yousef youssef
josephine jo josie
joshua josh
judith judy jude
julia julie jules
katarzyna kasia
kenneth ken kenny
kimberley kim
laura lori
lawrence laurence larry laurie
leonard leo len lenny
lillian lily lil
louise lou
lucy lucinda lou
lynn lynne linda lyn
maciej mac
malgorzata gosia margaret
malcolm mal
margaret maggie meg peggy madge marge margie greta rita peg maisie
martin marty
martha marta
mary maria marie molly polly mae marian miriam maryam mariam
matthew matt mateusz matty
maureen mo
michael mike mick micky mickey michal mikhail mitch
michelle shell shelley chelle
mohammed muhammad mohammad mohamed muhammed mohamad mehmet mahomed mohd md mo
natalie nat natalia natasha tasha
nathaniel nathan nat nate
nicholas nick nicky nico mikolaj
nicola nicky nic nikki nicole
olivia liv livvy ollie
oliver ollie
oluwaseun seun
pamela pam
patricia pat patsy trish tricia patti paddy
patrick pat paddy padraig
paul pawel
pauline paula
penelope penny
peter pete piotr pyotr
philip phillip phil pip
piotr peter
priscilla cilla
rachel rachael rach
raymond ray
rebecca becky becca bex rebekah
richard rick ricky dick rich richie
robert rob bob bobby robbie bert
robin rob
roderick rod roddy
roger rodge
ronald ron ronnie
rosemary rose rosie
samantha sam sammy
samuel sam sammy
sarah sara sally sadie
siobhan shivaun joan
shaun sean shawn
stanislaw stan staszek
stephanie steph stef
stephen steven steve stevie stefan szczepan
stuart stewart stu
susan sue susie suzanne suzie zuzanna
sylvia sylvie
teresa theresa terry tess tessa tracy
terence terry tel
thomas tom tommy tomasz
timothy tim timmy
tracey tracy
valerie val
veronica ronnie vera
victor vic wiktor
victoria vicky vicki tori viki
vincent vince vinny
walter wally walt
william will bill billy willie liam wilhelm
winifred win winnie freda
xiaoming xiao ming
yvonne evie
zachary zac zak zach
zoe zoey`;

const byName = new Map<string, Set<string>>();
for (const group of groups.trim().split('\n')) {
  const names = group.split(' ');
  for (const name of names) {
    const others = byName.get(name) ?? new Set();
    for (const other of names) if (other !== name) others.add(other);
    byName.set(name, others);
  }
}

const none: ReadonlySet<string> = new Set();

/** Other given names that a bearer of this one may go by; empty for most words. Folded small letters. */
export function nicknamesOf(word: string): ReadonlySet<string> {
  return byName.get(word) ?? none;
}
