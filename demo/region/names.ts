/**
 * Names as one meets them in the North East: families who have been there for ever, and those who came from Scotland,
 * Ireland, South Asia, Poland, Romania, China, West Africa, the Middle East, Czechia and Slovakia, the Philippines, Vietnam and
 * Iran, to shipyards, mines, hospitals and universities. `share` is the weight of the group among invented practitioners.
 */
export type NameGroup = { group: string; share: number; given: readonly string[]; family: readonly string[] };

export const nameGroups: readonly NameGroup[] = [
  group(
    'north-east',
    46,
    'Alan Alison Amy Andrew Angela Ashleigh Barry Bethany Brenda Brian Bryony Carl Carol Catherine Chloe Christine Christopher Claire Craig Daniel Darren David Dawn Deborah Denise Derek Diane Donna Edward Elizabeth Ellie Emily Emma Gareth Gary George Gillian Glenn Graham Hannah Harry Heather Helen Ian Jack Jacqueline James Jane Janet Jason Jennifer Jessica Joanne John Jonathan Joseph Judith Julie Karen Kathryn Keith Kelly Kenneth Kerry Kevin Kirsty Laura Lauren Leanne Lee Lesley Lewis Linda Lindsay Lisa Lorraine Louise Lucy Luke Lynn Marie Mark Martin Matthew Megan Melanie Michael Michelle Natalie Neil Nicola Oliver Olivia Pamela Patricia Paul Paula Pauline Peter Philip Rachel Raymond Rebecca Richard Robert Robyn Ross Ruth Ryan Samantha Sandra Sarah Scott Sean Sharon Simon Sophie Stephanie Stephen Steven Stuart Susan Thomas Tracey Valerie Vicki Victoria Wendy William Zoe',
    'Adamson Ainsley Allan Anderson Appleby Armstrong Arkle Atkinson Bainbridge Bates Bell Blenkinsop Bolam Brewis Brown Burdon Carr Charlton Clasper Coates Collingwood Cowell Craggs Cuthbertson Dawson Dixon Dodds Elliott Elstob Errington Fenwick Forster Foster Gibson Graham Gray Hall Harbottle Hedley Henderson Herron Heslop Hindmarsh Hodgson Hogg Hudson Hume Hunter Hutchinson Jackson Jobling Johnson Kell Kirkup Laidler Lambton Lawson Liddell Liddle Little Lowes Maddison Marley Milburn Mitford Moody Mordue Nesbitt Nixon Ogle Oliver Ord Pattinson Pearson Percy Potts Proctor Proud Purvis Raine Ramshaw Reay Reed Ridley Robinson Robson Rutherford Scott Shafto Shield Short Simpson Snowdon Spence Stephenson Stobbart Straughan Surtees Swinburne Tate Taylor Telford Thirlwell Thompson Trotter Turnbull Tweddle Wake Walton Wanless Watson Weatherley Wearmouth Wilkinson Wilson Young Younger',
  ),
  group(
    'scottish',
    7,
    'Ailsa Alasdair Angus Aileen Bruce Calum Catriona Donald Duncan Eilidh Ewan Fergus Fiona Fraser Gordon Gregor Hamish Heather Iain Innes Isla Jean Kirsteen Lachlan Lorna Mairi Malcolm Morag Morven Murdo Niall Rory Shona Sheena',
    'Buchanan Cameron Campbell Drummond Ferguson Fraser Galbraith Gillespie Grant Kerr Lennox MacDonald MacGregor MacKay Mackenzie MacLeod MacMillan McAllister McIntosh McLean Menzies Moncrieff Munro Murray Rankin Ross Sinclair Stewart Sutherland Urquhart',
  ),
  group(
    'irish',
    5,
    'Aisling Aoife Brendan Bridget Ciara Ciaran Colm Conor Declan Deirdre Eamon Eileen Eoin Fergal Finbar Grainne Kathleen Kieran Maeve Mairead Maureen Niamh Noel Orla Padraig Roisin Seamus Sinead Siobhan Tadhg',
    "Brennan Byrne Callaghan Cassidy Connolly Daly Doherty Doyle Duffy Fallon Flynn Gallagher Hegarty Kavanagh Keane Kelly Lynch McCarthy McGrath McKenna Murphy Nolan O'Brien O'Connor O'Donnell O'Hagan O'Neill O'Reilly Quinn Sweeney",
  ),
  group(
    'south-asian-muslim',
    7,
    'Aamir Abdul Adeel Aisha Akbar Amina Anwar Asma Ayesha Bilal Fahmida Farah Farhan Fatima Habib Hafsa Haroon Iqra Imran Jamila Kashif Khadija Mariam Mohammed Nadia Nasreen Nazma Omar Rabia Rashid Rukhsana Saima Salma Shabnam Shahid Shazia Sumaiya Tahmina Tariq Usman Yasmin Zainab Zubair',
    'Ahmed Akhtar Alam Ali Anwar Aziz Begum Bhatti Chowdhury Choudhury Hussain Iqbal Islam Jamil Khan Khatun Mahmood Malik Miah Mirza Qureshi Rafiq Rahman Rashid Saleem Shah Sheikh Siddiqui Uddin Ullah',
  ),
  group(
    'south-asian-hindu-sikh',
    6,
    'Aarti Ajay Amrit Anil Anjali Arjun Baljit Deepa Deepak Gurpreet Harjit Harpreet Hema Jaspreet Jyoti Kamaljit Kavita Kiran Lakshmi Mandeep Manpreet Meena Mohan Neha Nikhil Pooja Pradeep Priya Rajesh Rajinder Ravi Rekha Rohan Sandeep Sangeeta Sanjay Shreya Simran Sukhdev Sunita Suresh Vijay Vikram',
    'Agarwal Banerjee Bains Bhatt Chaudhary Das Desai Dhillon Dhaliwal Gill Gupta Iyer Joshi Kapoor Kaur Krishnan Kumar Mehta Menon Mistry Nair Patel Pillai Rao Reddy Sandhu Sharma Shah Sidhu Singh Thomas Varghese',
  ),
  group(
    'polish',
    4,
    'Agata Agnieszka Aleksandra Andrzej Anna Beata Bartosz Dariusz Dorota Ewa Grzegorz Hanna Iwona Jacek Jadwiga Jakub Joanna Justyna Kamil Katarzyna Krzysztof Łukasz Maciej Magdalena Małgorzata Marcin Marek Michał Monika Paweł Piotr Rafał Renata Sławomir Sylwia Tomasz Urszula Wojciech Zbigniew',
    'Adamczyk Baran Borkowski Chmielewski Czarnecki Dąbrowski Duda Gajewski Górski Jankowski Jaworski Kaczmarek Kamiński Kowalczyk Kowalski Kozłowski Krawczyk Kwiatkowski Lewandowski Malinowski Mazur Nowak Nowicki Pawłowski Piotrowski Sikora Szymański Walczak Wieczorek Wiśniewski Wójcik Woźniak Zając Zieliński',
  ),
  group(
    'romanian',
    3,
    'Adrian Alexandra Alina Ana Andrei Bogdan Camelia Carmen Cătălin Ciprian Claudia Corina Cosmin Cristian Daniela Dragoș Elena Florin Gabriela Ion Ioana Ionuț Larisa Liliana Lucian Marius Mihaela Mihai Mirela Nicoleta Oana Raluca Răzvan Roxana Simona Ștefan Valentin Vasile',
    'Albu Andrei Barbu Bălan Constantin Cristea Dinu Dobre Dumitru Enache Florea Georgescu Gheorghe Ionescu Lungu Manole Marin Matei Moldovan Munteanu Neagu Nistor Oprea Popa Popescu Radu Rusu Sandu Stan Stoica Șerban Toma Ungureanu Vasilescu',
  ),
  group(
    'chinese',
    3,
    'Bo Chun Fang Hao Hui Jia Jing Jun Ka-Yan Lan Lei Li Lin Mei Mei-Ling Ming Na Ning Pui-Yee Qiang Rui Shu Siu-Ling Tao Ting Wai-Man Wei Wing-Yan Xia Xiu Yan Yi Ying Yu Yuk-Lin Zhen',
    'Chan Chang Chen Cheung Chiu Chow Fung Guo He Ho Hu Huang Kwok Lam Lau Leung Li Lin Liu Lo Ma Ng Tang Tsang Wang Wong Wu Xu Yang Yeung Yip Zhang Zhao Zheng Zhou Zhu',
  ),
  group(
    'nigerian-ghanaian',
    6,
    'Abena Ade Adaeze Adebayo Adwoa Akosua Amaka Ama Bukola Chiamaka Chidi Chinedu Chioma Damilola Ebele Efua Emeka Esi Femi Folake Funmilayo Ifeanyi Ifeoma Kofi Kojo Kwabena Kwame Kwesi Ngozi Nkechi Obinna Olumide Oluwaseun Precious Blessing Samuel Sade Segun Temitope Tunde Uche Yaa Yetunde',
    'Abiola Addo Adebayo Adeleke Adeyemi Afolabi Agyeman Akinola Amoah Ansah Appiah Asante Ayodele Balogun Boateng Chukwu Danso Eze Ezeani Mensah Nwachukwu Nwosu Obi Odukoya Ofori Ogunleye Okafor Okeke Okonkwo Oladipo Olawale Opoku Osei Owusu Sarpong',
  ),
  group(
    'zimbabwean',
    2,
    'Chenai Chipo Farai Fungai Kudzai Memory Nyasha Nomsa Rudo Rumbidzai Ruvimbo Sibusiso Simba Tafadzwa Tariro Tatenda Tendai Thandiwe Tinashe Vimbai',
    'Banda Chigumba Chikwanha Dube Gumbo Madziva Mapfumo Mhlanga Moyo Mpofu Mutasa Ncube Ndlovu Nyathi Nyoni Sibanda Tshuma Zhou Zulu',
  ),
  group(
    'arabic',
    4,
    'Abdullah Ahmad Amal Amira Bassam Dalia Dina Fadi Faisal Farida Hala Hamza Hana Hassan Hiba Huda Ibrahim Iman Jamal Karim Khaled Layla Lina Mahmoud Maha Maryam Mustafa Nabil Nour Rami Rana Reem Salim Samir Sara Tarek Wael Yara Yusuf Zaid Zeinab',
    'Abbas Abdallah Al-Ali Al-Hassan Al-Jabouri Al-Masri Al-Rashid Al-Sayed Awad Barakat Darwish El-Amin El-Sayed Farah Fayed Haddad Hamdan Hijazi Ibrahim Issa Kassem Khalil Khoury Mansour Mustafa Najjar Nasser Omar Saleh Shaheen Suleiman Taha Yassin Zaki',
  ),
  group(
    'czech-slovak-roma',
    2,
    'Alžbeta Anežka Dušan Ivana Jana Jaroslav Jiří Jozef Juraj Kamila Kateřina Lenka Ľubica Lukáš Marcela Marek Martin Mária Matěj Milan Miroslav Monika Pavel Petra Radek Renáta Štefan Tereza Tomáš Vladimír Zuzana',
    'Baláž Bílý Čonka Cina Demeter Dvořák Ferenc Gaži Gunár Horáková Horváth Kováč Kováčová Lakatoš Mirga Novák Nováková Oláh Polák Rusnák Šándor Svoboda Tokár Varga Žiga',
  ),
  group(
    'filipino',
    2,
    'Angelica Arnel Cherry Cristina Divina Edgardo Girlie Grace Jerome Jocelyn Joy Lourdes Maricel Marites Rizalyn Rodel Rommel Rosario Rowena Wilfredo',
    'Aquino Bautista Castillo Cruz Dela-Cruz Domingo Garcia Gonzales Mendoza Navarro Ocampo Pascual Ramos Reyes Rivera Salazar Santiago Santos Tolentino Villanueva',
  ),
  group(
    'iranian-kurdish',
    2,
    'Arash Azad Bahar Darya Farhad Goran Hawar Jiyan Kamran Laleh Maryam Mina Nasrin Navid Neda Nima Parisa Reza Roya Rojin Sahar Shirin Shilan Soran Zana',
    'Ahmadi Aziz Bahrami Ebrahimi Faraj Ghorbani Hama Hosseini Jafari Karimi Kazemi Mahmudi Moradi Mohammadi Osman Qadir Rahimi Rostami Sadeghi Salih Tehrani',
  ),
  group(
    'vietnamese',
    1,
    'Anh Bao Chi Dung Duc Hanh Hoa Hung Huong Khanh Lan Linh Long Mai Minh Ngoc Nhung Phuong Quan Thanh Thao Thu Trang Tuan',
    'Bui Dang Do Hoang Huynh Le Luong Ngo Nguyen Pham Phan Tran Truong Vo Vu',
  ),
];

function group(name: string, share: number, given: string, family: string): NameGroup {
  return { group: name, share, given: given.split(' '), family: family.split(' ') };
}
