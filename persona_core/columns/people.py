"""Words that names of people are made of, in the countries and scripts customers come from, and what a name looks like.

The lists hold frequent given names and surnames without accents, lower case. Names that are also months, colours,
cities or trades (April, Brown, Paris, Baker) are left out, since a column of those is no column of people.
"""

from __future__ import annotations

import re
import unicodedata

from persona_core.columns.words import words_of

GIVEN = words_of("""
    aarav aarini aaron abhishek abigail adam adan ade adebayo adele aditi aditya adrian adrianna advik afonso
    agapito agnes agnieszka agus ahmed ahmet aidan aiko ainhoa aino aisha aitana ajay akash akiko akira akshay alain
    alan alba albano albert alberte alberto albina albrecht alejandra alejandro alejo aleksander aleksandra
    alessandra alessandro alessia alessio alex alexander alexandra alexis alfie alfonso alfred alfredo ali alice
    alicia alicja alina alison alix aliyah allison alois alondra alper alvaro amador amanda amara amedeo amelia
    amelie amina amir amit amparo amrita amy ana anais anand ananya anastasia anders andras andre andrea andreas
    andree andrei andres andrew andris andrzej angela angeles angelica angelika angelo anh ani anika anil aniruddh
    anita anja anjali anke ankit ann anna annabelle annalisa annamaria anne annegret anneke anneli annelies
    anneliese annelise annemarie annette annika annikki anouk anselmo antero anthony antje antoine anton antonella
    antoni antonia antonietta antonio anushka aparna apolonia araceli archie arda ariadna arianna aristide arjun
    arkadiusz arlette arlo armando arnaldo arnaud arne arno arnold arthur arturo arun aruna asbjorn asha ashley
    ashok ashwin asli assunta astrid attila aude audrey auguste aurelie aurelio aurora aurore ava axel aylin aymeric
    ayse ayumi babette balazs bambang barbara barbora baris bart bartosz bas basak bastian bastien beata beate
    beatrice beatriz begona bela belen benedetta bengt beniamino benigna benjamin benno benoit bente berit
    bernadette bernard bernardo bernd bernhard berta berthold bertrand bettina bettino betul bhavna bhavya biagio
    bianca bilal birgit birgitt birgitta birte birthe bjarne bjorn blaise blanca blazej bo bodil bodo bogdan bohumil
    boris borja bozena bradley bram brandon branka branko brayden brenda brian bridget brielle brigitta brigitte
    britta brittany brody bronwen bruno budi bui burak burghard burkhard cagla caio caitlin caleb calixto callum
    calogero camden camilla camille can candela candelaria capucine carina carl carla carlo carlos carmela carmelo
    carmen carmine carol carolina caroline carolyn carsten catalina caterina catherine cathy cauan cecile cecilia
    cedric cees celestine celine cem cesar cesare cezary chandra chantal charles charlotte chen chetan chiara chidi
    chioma chiyo chloe christa christel christelle christiane christina christine christl christoph christophe
    christopher chuck chus cindy cinzia ciriaco claire clara clarence claude claudia claudine claudio clemens
    clement clifford cody colette colin concepcion connor constance consuelo corentin corinna corinne cornelia
    corrado cosimo craig cristian cristina cristobal crystal csaba curro curtis cynthia cyril cyrille daan dagmar
    daisuke dakota dalibor damiano damien dana dang daniel daniela daniele danielle dankwart danuta dario dariusz
    darlene darnell darren darryl darshan davi david davide dawn deborah debra deepa deepak deepika delphine denis
    denise deniz dennis derek deshawn desiderio dev dewi dhruv dian diana diane didier diego dieter dietmar dietrich
    dimitri dinesh diogo dionigi dirk divya diya dmitri dmitry dolores dominic dominik dominique donald donatella
    donato donna dora doreen doris dorothea dorothy dorte douglas dragan drago duarte dubravka duncan dunja duong
    dwayne dylan ebbe eberhard ebru eckhard edelmiro edeltraud edeltraut edgar edgard edgars edith edoardo edouard
    eduardo edward edwin eero egbert egon eileen einar eino ekkehard eko ela elaine eleanor elena eleonora elfriede
    elias elif elin eline elisa elisabeth elisabetta elise elizabeth elke ella ellen elli ellie ellinor elodie
    eloise eloy elsa else elvira elvis elzbieta emanuela emanuele emeka emeric emiko emil emilia emilie emilio emily
    emine emma emmanuel emmi emre encarnacion encarnita engelbert ennio enora enrico enrique enzo epifanio eric
    erica erich erik erika erkki erling erna ernest ernestine ernst ervin eryk erzsebet esmee esperanza esra esteban
    esther eszter ethan etienne ettore eugene eugenie eugenio eusebio eva evan evelyn everly ewa ewald fabian fabien
    fabienne fabio fabiola fabrice fabrizio faina faisal faiyaz fang farah farid fatih fatima fatma fausto federica
    federico felicia felicity felix femke fenna ferdinand ferenc fergus fernand fernanda fernando fiammetta fidel
    filippo finn fiona fiorella flavia flavio flemming fleur floor flora florencia florent florentino florian
    fortunata fortunato francesca francesco francine francisca francisco franck francois francoise frank franz
    franziska freddie frederic frederik frederique freya frieda friederike friedhelm friedrich fritz frode fryderyk
    fulvio funke gabi gabino gabor gabriel gabriela gabriele gabriella gaelle gaetan gaetano gaia gail ganesh ganga
    gangolf gareth garrett gary gaspard gaston gaurav gautam gavin gayatri geert geeta geir gema gemma genevieve
    gennarino gennaro geoffrey georg george georges georgina gerald geraldine gerard gerardo gerd gerda gergely
    gerhard gerlinde germana gernot gerold gerrit gertrud gesine gheorghe ghislaine giacomo giada giampaolo
    gianfranco gianluca gianna gianni giesela gijs gilles gillian ginevra gino gioacchino gioele giorgia giorgio
    giovanna giovanni girish gisela gisele gitte giuditta giulia giuliana giuliano giuseppe gladys glenda glenn
    gloria gokhan gonzalo gopal goran gordon gottfried graciela graham grayson graziella grazyna greg gregg gregoire
    gregor gregory greta grete gro grzegorz guadalupe gudrun guglielmo guido guilhem guillaume guillermo gulsen
    gundula gunilla gunnar gunter gunther gurleen gustav gustavo gwendolyn gyorgy habib hakan halil halima halina
    hamish hamza hana hanna hannah hanne hannelore hans hansa harald harish harold harpreet harriet harry hartmut
    hartwig haruki haruto hasan hassan haydee hayley heather hector hedda hedwig heide heidi heike heiko heinrich
    heinz heitor helen helena helene helga heliodoro hella helmut hemant hendra hendrik hendrika henning henri
    henriette henrik henry henryk herbert herman hermann hernan hernando herta herwig hidde hilde hildegard hiltrud
    himani hiroko hiroshi hoa hoang holger hong honore horst hortense hortensia howard hrvoje hubert hubertus huda
    huelya hugo huguette hui huong huseyin hussein huynh ian iara ibrahim ifeoma ignac ignacio ignacy ignazio igor
    iker ilaria ilario ildiko ilie ilona ilse imogen imran indira ineke ines inga inge ingeborg ingeburg ingelore
    inger ingo ingrid ingvild inigo inmaculada ioana ion ira irene irina irma irmgard irmtraud isaac isabel isabell
    isabella isabelle isadora isaura ishaan ishita isidro isla isolde istvan itziar ivan ivana ivica ivo iwan iwo
    jacek jacinta jacinto jacky jacob jacopo jacqueline jacques jada jaden jadwiga jagdish jaime jakob jakub jamal
    james jamie jan jana janaki jane janet janice janina janine janis janja jannik janos janusz jared jari jarmila
    jaroslav jasmin jasmine jason jasper jaspreet javier jaxon jaya jayden jean jeanne jeannine jeannot jeff jeffrey
    jelena jelka jelle jennifer jens jeremiah jeremy jeroen jerome jerry jerzy jesper jesse jessica jessika jesus
    jill jimena jimmy jing jiri jitka joachim joakim joan joana joanna joanne joao joaquin jocelyne jochem jochen
    joel joelle joep joerg johan johann johanna johanne johannes john joko jolanda jonas jonathan jonna joost jordi
    jorg jorge jorgen joris jose josef josefa josefina joseph josephine josette joshua josiane josip joyce jozef
    juan juana juanita jude judith judy juergen juha juhani julia julian juliane julie julien juliette julio julius
    jun jurgen jurre jussi justin justine jutta jyoti jytte kaan kaarina kacper kadir kai kaique kaitlyn kaj kaja
    kajetan kalevi kalina kalpana kamal kamala kamau kamil kamila kaori karan karel karen kari karianne karim karin
    karina karita karl karla karlheinz karolina karsten kartik kaspar katalin katarina katarzyna kate katelyn
    katharina katharine kathe katherine kathleen kathrin kathryn kathy katie katja katri katrin kavita kavya kayla
    kaylee kazimierz kazuo kees keiko keisha keith kelly kendra kenji kenneth kenta kerem kerry kerstin keshav kevin
    khadija khalid kieran kilian kim kimberly kinsley kiran kirsten kirstine kjell klara klaudia klaus koen kofi
    konrad konstantin kornelia kreszentia krishna krista kristen kristi kristian kristin kristina kristine
    kristoffer kristy krisztina krystian krystyna krzysztof kumar kunigunde kurt kusum kveta kwame kyle ladislav
    laetitia laila lakshmi lalit lamar lan lance landon lara larissa larry lars lasse laszlo latoya laura lauren
    laurence laurens laurent lauriane layla lea leah leandro leela lei leif leila leire lena leni lenka leo leocadia
    leonard leonardo leonce leoncio leonhard leonie leopold leroy leslie lestari leszek leticia levi liam libor
    lidia lidija lieke liesbeth liesel lieselotte liisa lilli lillian lilou lina linda ling linh linnea lino lionel
    lis lisa liv liwia ljubica loan loic lois lola lone longin loredana lorena lorenz lorenzo loretta lori lothar
    lotte louis louise lourdes luan luana luann lubomir luc luca lucas lucia luciana luciano lucie lucien lucile
    lucja lucy ludek ludger ludivine ludmila ludovic ludwig luigi luigina luis luisa luiz luiza luka lukas lukasz
    luke lupe lutz luuk lydia lynn lysiane maaike maarten macarena maciej mackenzie maddalena madeleine madhavi
    madhu mads maelle maelys magali magda magdalena magnus mahesh mahika mahmoud mai maija maik maisie maite maja
    malgorzata malik mallory malte manfred manish manjeet manoj manola manolo manon manuel manuela marc marcel
    marcela marcelina marcelino marcelle marcello marcelo marcia marcial marcin marco marcos marcus marek maren
    marga margaret margarete margarethe margarida margarita margaux margherita margit margot margret margrethe
    marguerite maria mariam marian mariana mariane marianne maribel marie marieke mariella marija marijke marina
    mario marion marisa marisol marissa marit marita marius mariusz marjatta marjolaine marjorie markku marko
    marlene marloes mart marta martha marthe martin martina martine marvin mary maryam maryse massimo mateo mateusz
    matheus mathias mathieu mathilda mathilde mathis matias matilda matilde mato mats matteo matthew matthias
    matthieu matti maud maura maureen maurice mauricio maurizio mauro maurycy maxime maximilian maximo maya mckenzie
    mechthild meena meera mees megan meghan mehdi mehmet mei meike mein meinhard melania melanie melina melinda
    melissa mercedes merche merel merve meta mette mia michael michaela michal michel michelangelo michele michelle
    mieczyslaw miguel mihai mikael mike mikhail miki mikko miklos mila milada milan milena millie milosz ming minh
    miranda mirco mireia mireille mirella miriam mirjam mirjana mirko miroslav mitali mitchell modesto mogens
    mohamed mohammad mohammed mohan molly mona monica monika monique montserrat morgan moritz morten morwenna
    muhammad mukesh murat muriel murilo murugan mustafa mylene nabil nadia nadine nadir nadja nakul nam nancy
    nandini naoki naoko naomi naresh nasser natalia natalie natascha natasha nathalie nathan nathaniel natividad
    navya nayara neelam neha nela nele nerea nevaeh nevenka ngo ngozi nguyen niamh nicanor nicholas nichole nick
    nico nicola nicolas nicole nicoleta nicoletta nicolo niek niels nieves nikhil niklas nikodem nikola nikolai
    nikolas nikolaus nikolay nikolina nilda nils nina nisha nitin njeri nkechi noa noah noel noelia noemi noemie
    nolwenn noor noortje nora norbert norman notburga nour nunzia nur nuray nuria oceane octavia octavio odalys odd
    oddbjorn oddvar odette odile ojas oksana olaf olalla olavi ole olga oliver olivia olivier oliwia olof oluwaseun
    omar omkar ondrej onur ophelie ornella orsolya ortrud ortwin orvokki oscar oskar oskari osman osvaldo otavio
    otilia otmar ottavio ottilie otto owen oystein oyvind ozgur ozlem oznur pablo paco padma paige pamela pancho
    paola paolo parvati pascal pascual pasquale pastora patrice patricia patricio patrick patrizia patty paul paula
    paulette pauline pavel pawan paz pedro peggy pekka penelope penny pepe per pernille perry peter peteris petr
    petra peyton pham phan philip philipp philippe phillip philomene phoebe phyllis pia pier piergiorgio pierluigi
    piero pierre pierrette pieter pietro pihu pilar pim ping piotr pirjo pooja poppy porfirio poul pradeep prakash
    pranav prasad praveen preben preeti primitivo priscilla prisha priya priyanka puck purificacion putri quang
    quentin quinn quirino rachel radek radha radka radu raelynn rafael rafaela rafal raffaele raffaella raghav
    ragnar ragnhild rahel rahul raik raili rainer raj rajesh rajiv rakesh ralf ralph raluca ram raman ramesh ramon
    ramona ranbir randall randi randy rani rania raphael raquel rashid rasmus ratna raul ravi raymond raymonde
    rebeca rebecca regina regine regis regula reidar reiner reinhard reinhold rejane reka rekha remedios remi remy
    renata renate renato rene renee rens reto revathi reyes reza rhonda rhys ricardo riccardo richard rick ricky
    rikke rina rita ritu roar robert roberta robertas roberto rocco rocio roderich rodney rodolfo rodrigo roel roger
    rohan rohit roland rolf romain romeo romy ronald ronnie roos rory rosa rosalie rosanna rosaria rosario roselyne
    rosemarie rosendo rosie rosina rosl rossana roswitha roxana roxane roxanne roy rozalia ruben rudiger rudolf
    rudra ruediger ruggero rune rupert ruperta ruprecht russell ruth ruthild ruud ruy ryan ryder ryo ryota ryszard
    saanvi sabas sabine sabrina sachin saeed sahil said sakura salim sally salma salvador salvatore sam samantha
    samarth samir samira samuel sandeep sander sandor sandra sandrine sandro sandy sangeeta sanjay sanna sanne
    santiago santina santosh sara sarah saraswati sascha saskia satoshi saul savita scott sean sebastian sebastien
    selena selin sem seppo serafina seren serena serge sergei sergey sergio serhiy serkan seung severine severino
    sevgi shaan shahid shanaya shane shanice shankar shannon sharon sheila sheri sherri sherry shilpa shinji shirley
    shivani shreya shun shyam sibel sibylle siddharth sidonie siegfried sieghard sieglinde siegmund sierra sigismund
    sigmund signe sigrid sigurd silke silvana silvestre silvia silvio sime simon simona simone simran sinan sinikka
    siri sirkka sissel sita siti sjoerd skylar slavica slavko smita sneha snjezana sofia solange soledad solene
    solveig sonali songul sonia sonja sophia sophie sora soraya soren sota spencer sri stacey stacy stanislav
    stanley stefan stefania stefanie stefano stella stepan stephan stephane stephanie stephen steve steven stig
    stijn stjepan stuart subhash sudhir sue suleiman sumer sumit sunil sunita sunniva suresh susan susana susann
    susanna susanne sushila suzanne svea sven svend svenja svenne svetlana swati swen sylvain sylvette sylvia sylvie
    sylwia synnove szymon tadeusz takashi takeshi tamara tamas tammy tamsin tanja tanmay tanvi tapio tara tarek
    tariq tarja tassilo tatiana tatjana tauno tecla tegan tejas teodor teodoro teresa tereza terje terrance terri
    terry tess tessa teun thabo thanh thao thea thekla themba theo theobald theodor theodora theresa therese
    theresia thi thiago thibault thibaut thierry thijn thijs thilo thomas thorsten thuy tiago tiffany tiina tiiu
    tijn till tilman tim timea timmy timo timothee timothy tina tiphaine tito titouan tiziana tiziano tobias tobiasz
    toby todd toivo tola tolga tom tomas tomasa tomasz tomislav tommaso tomoko toni tony tonya tor torben tore
    torill tormod torsten tove tracey traci tracy tran trang traude traugott traute travis trevor trini trinidad
    trishna tristan trond troy trudi tuan tugba tuomas turid tuula tygo tymon tymoteusz tyrell tyrone ubaldo udant
    udo ufuk ugo ulf uli ulla ulrich ulrike uma umberto umut urbano urs ursula ursule urszula urve urvi usha usman
    ute uwe vaclav vaclava vaishnavi valentin valentina valentine valere valeria valerie valerio valeska vandana
    vanessa varun vasco vasile veer veikko veit venkat vera verena vernon veronica veronika veronique vesna vicente
    vicki vicky victor victorino vidar vidya vigdis vihaan vijay vikas vikram viktor viktoria vilho ville vinay
    vincent vincenzo vinicius vinod viola violaine virginie vishal vito vitor vittoria vittorio vivaan vivek vivian
    viviane vivienne vlad vladimir vlasta vojtech volkan volker volkmar vytautas wahyu walburga waldemar walter
    waltraud waltraut wanda wanjiru warren waylon wayne wei wendelin wendy wenzel werner wesley wessel whitney
    wiebke wieslaw wigand wigbert wiktor wiktoria wilfredo wilfried wilhelm willemijn willi william willy wilma
    wiltrud wim winfried wladimir wladyslaw wojciech wolfgang wolfram wouter wulan wyatt xaver xavier xiao ximena
    xin yago yan yang yann yannick yanti yara yash yashoda yasin yasmin yasmine yesenia yi yigit ying ylva yohan
    yoko yolanda yoshiko youssef yuki yumi yuna yuri yusuf yuto yves yvette yvonne zacharie zachary zahra zainab
    zanele zara zbigniew zdenek zdenka zehra zekiye zelie zeljko zeynep zhang zita zoe zofia zoltan zsofia zsolt
    zuzana zuzanna zvonimir zygmunt
""")
SURNAMES = words_of("""
    abbott acosta adams aguilar ahmed ahuja aigner akgun akhtar alexander ali allen almeida alonso alvarez alves
    amato anderegg andersen anderson andersson araujo arias arnold arslan ashton aslan aubert avila aydin azevedo
    baier bailey bakken bakker balogh banerjee barbieri barbosa barbu barnes barrett barros batista battaglia
    baumann baumgartner beck becker begum bellini benedetti bennett berger berggren bergmann bernard berry beyer
    bhardwaj bhat bhatt bianchi bianco bischof biswas bjork blair blanc blanchet blaser boer bonnet borges bose
    boucher bowman bradley brandstetter brandt braun brooks brouwer brunner bruno bruyn bryan bryant bucher burgess
    burgos burke burns burton butt byrne cabrera calvo cameron campbell campos cano caputo cardoso cardozo carlson
    carlsson carr carrasco carre carroll caruso carvalho casado castaneda castillo castro cattaneo celik cerny
    cervantes cespedes cetin chakraborty chambers chandler chang chapman chatterjee chaudhary chavez chevalier
    chopra christensen christiansen claes clark clarke clements cohen coleman colin collins colombo conte conti
    contreras cooke coppola correia cortez costa cox crawford cruz cunha cunningham curtis dahl danielsen das davies
    davis dawson dekker delgado deluca demir desai dey dhillon diaz dietrich dinu dixon dogan dominguez doyle duarte
    dubey dubois dufour dumitru duncan dunn dupont duran durand dutta dvorak eder edwards egger eichenberger eide
    elliott ellis erdogan erickson eriksson escobar espinoza esposito esteban estrada evans fabbri fabre farkas
    fekete ferguson fernandes fernandez ferrara ferrari ferreira ferrer figueroa fiore fischer fitzgerald fleming
    fletcher fleury flores fontaine fontana foster fournier fowler frank franke fraser frederiksen freeman frei
    freitas friedrich frye fuchs fuentes fuller gallagher gallego galli garcia gardner garg garner garnier garrett
    garrido gasser gatti gauthier gentile gerber ghosh gibson gilbert gill gimenez giordano girard giraud goel gomes
    gomez gonsalves gonzales gonzalez goodwin gough goyal graf graham grassi greco greene gregersen grewal griffin
    griffiths groot grossmann gruber gruijter guerin guerra guerreiro guerrero guillot gupta gustafsson gutierrez
    guzman haas hahn hajek hall halvorsen hamalainen hamilton hampton hansen hanson hansson hardy harkonen harper
    harris harrison hartmann harvey haugen hawkins hayes heikkinen heinonen heinrich henderson hendriks henry henson
    hernandez herrera herrero hesse hicks higgins hodges hoekstra hofer hoffman hoffmann hofmann holmes hoover
    hopkins horn horton horvath hovrat howard huang huber hubert huff hughes hussain ibanez ibrahim iglesias ionescu
    iyer jackson jacobs jacobson jain jakobsen james jani jansen janssen jefferson jenkins jennings jensen jimenez
    johansen johansson johnson johnston jonasson jones jong joshi joyce juarez juhasz jung kaczmarek kaiser kaminski
    kapoor karlsen karlsson kaufmann kaur kaya keller kelley kelly kennedy kerr khan kilic kim kiss klein knudsen
    koc koch kohler kohli korhonen koskinen kovacs kowalczyk kowalski kraus krause krawczyk krol krueger kruger
    kucera kuhn kuipers kulkarni kumar kurt laine lakatos lambert lange lara larsen larsson laurent laursen lawson
    leclerc lefebvre lefevre legrand lehmann lehtinen leitner lemaire leone leonetti leroy lewandowski lewis lie
    lien linares lindberg lindgren lloyd logan lombardi lombardo longo lopes lopez lorenz lowe lozano lucas ludwig
    lund lynch lynn macdonald machado mack maes mahajan maier maillard makinen maldonado malhotra malik malone
    malpighi mancini manning marchand marek mariani marino marques marquez marsh marshall martin martinelli martinez
    martini martins mason masson matei mathiasen mathieu maxwell mayer mayo mazur mazza mccarthy mcclure mccoy
    mcdonald mcgee mckinney medina mehta meier meijer meister mejia mello melo mendes mendez mendoza menon mercalli
    mercier messina meunier meyer meyers michaud michel middleton miller miranda mishra mistry mitchell mittal moen
    mohamed molina molinero moller molnar monteiro montero monti montoya moody moore moraes morales morand moreau
    moreira morel moreno moretti morgan morin morris morrison morrow mortensen moser moura mueller mukherjee mulder
    muller mullins munoz murphy murray nagy naidu nair nanda nath navarro neagu neal negri nelson neumann newman
    nguyen nichols nielsen nieminen nieto nilsson noel nogueira nolan norgaard norris norton novak nowak nunes
    oberoi obrien ochoa oconnor odermatt odonnell oliveira olivier olsen olsson oneill orlando orozco ortega ortiz
    owen owens ozdemir ozturk pabon pacheco padilla pagano pai palacios palumbo pandey papp parekh parisi parsons
    pascual patel patrick patterson pavlov pawlak pearson pedersen peeters pellegrini pena pereira perez perkins
    perrin perrot perry persson peters petersen peterson petit petrov pfeiffer pham philippe phillips picard pichler
    pichon pillai pinto pires poirier polat popa popescu porter pospisil postma potter powell prasad pratt preston
    prevost prieto prins prochazka puga purohit quinn quintero racz radu rajan ramirez ramos ramsey rana randall
    rangel rao rasmussen rastogi reddy reed renard renaud rey reyes reynolds rhodes ribeiro ricci ricciardi richard
    richards richardson richter riggs riley rinaldi rios ritter riva rivera riviere rizzo robert roberts robertson
    robinson robles rocha rodrigues rodriguez roger rogers rojas roldan rolland romano romero rosales rosas ross
    rossi rousseau roux rowe roy rubio ruiz russell russo ryan saez sahin salazar sales salinas salonen sanchez
    sanders sandoval sandvik sanna santana santiago santoro santos sanz saraf sarkar sato saunders saxena schaefer
    schafer schaller scherrer schmid schmidt schmitt schmitz schneider scholten scholz schouten schreiber schroder
    schroeder schubert schulte schultz schulz schulze schumacher schuster schwartz schwarz scott seidel sen
    sepulveda serna serra serrano sethi sexton shah sharma shaw sheppard sherman shetty shields shukla silva
    silvestri simmons simon simpson sims simsek singh sinha sisneros skinner smeets smirnov smith smits snyder
    solanki solberg solis sommer soni sorensen soto sousa souza srivastava stafford stan stanley stein steiner
    stephenson stepien stevens stewart stoica stokes strickland studer suarez subramanian suciu sullivan suri suter
    suzuki svensson svoboda swanson sweeney szabo szilagyi takacs takahashi tanaka tandon tavares taylor teixeira
    tekin terrell testa thakur thomas thompson thomsen thomson timmermans tiwari toma torres toth townsend tran
    trejo trevino trivedi trujillo turner valdez valencia valente vance vargas varma vasquez vaughn veenstra vega
    velasquez venkatesan verhoeven verma vermeulen vesely viana vicente vidal vieira villanueva villarreal vincent
    virtanen visser vitale vogel vogt vries vyas wade wagh wagner walczak wallace wallner walsh walter walters wang
    warner wason watanabe watkins watson watts webb weber weiss welch werner whitaker whitehead wiggins wilkins
    wilkinson willems williams williamson willis wilson winkler winter wisniewski wit wojciechowski wojcik wolf
    wolff wong woodard woodward wouters wright wyatt wyss yadav yamamoto yildiz yilmaz zajac zamora zapata zbinden
    zhang zhou ziegler zimmermann
""")
_SURNAME_END = re.compile(
    r"(?:ski|ska|cki|cka|sson|ssen|sen|ovic|enko|escu|opoulos|akis|idis|yan|shvili|adze|ez|mann|meier|meyer|maier"
    r"|bauer|huber|elli|etti|ucci|acci|oglu|nen|ov|ova|ev|eva|inger|berger|stein|bach|field|worth|ington|wicz|czyk|evic|eanu"
    r"|strom|gren|lund|qvist|dahl|gaard|kstra|dstra|nstra|lescu|vsky|sky|skaya|vska|dottir|ulescu|ashvili)$"
)
_TITLE = re.compile(
    r"^(?:mrs?|ms|miss|mx|dr|prof|herrn?|frau|mme|mlle|m\.|monsieur|madame|sra?|srta|se[nñ]ora?|do[nñ]a|sig|sigra|"
    r"sig\.ra|signora?|dott|mevrouw|meneer|dhr|mevr|г-н|г-жа|shri|smt|นาย|นางสาว|นาง)\.?\s+",
    re.IGNORECASE,
)
_NOT_IN_NAMES = re.compile(r"[!?:;%*/\\|<>\[\]{}=@#€$£™®\"“”_~^]")
_PARTICLES = words_of("van von de di da del der den della du des la le el al bin ibn ter ten zu und e y dos das af")
COMPANY = re.compile(
    r"\b(?:gmbh|ag|kg|ohg|ltd|limited|inc|llc|llp|plc|corp|co|company|sarl|spa|srl|s\.a|b\.?v|n\.v|oy|aps|group|gruppe|"
    r"holdings?|bank|partners?|sons|s[oö]hne|bros|brothers|consulting|solutions|systems|technolog\w+|services|"
    r"industries|international|store|shop|hotel|restaurant|caf[eé]|markt|kids|classic|edition|collection)\b|&|\+",
    re.IGNORECASE,
)
# Other scripts: frequent family names that stand first (Chinese, Japanese, Korean), given names and endings elsewhere.
_CHINESE = frozenset(
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何高林罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾肖田董袁潘于蒋蔡余杜叶葉"
    "程苏蘇魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_JAPANESE = words_of("""
    佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 清水 山崎 森 池田
    橋本 阿部 石川 山下 中島 石井 小川 前田 岡田 長谷川 藤田 後藤 近藤 村上 遠藤 青木 坂本 斉藤 福田 太田 西村 藤井
    金子 岡本 藤原 中野 三浦 原田 中川 松田 竹内 小野 田村 中山 和田 石田 森田 上田 原 内田 柴田 酒井 宮崎 横山
""")
_KOREAN = "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구"
_CYRILLIC = re.compile(
    r"(?:ович|евич|овна|евна|ична|ова|ева|ёва|ина|ов|ев|ёв|ин|ский|ская|цкий|цкая|енко|чук|ук|юк|ян|дзе|швили|ський|ська|цький"
    r"|цька|енка|ків|ко)$"
)
_GREEK = re.compile(r"(?:όπουλος|οπούλου|ίδης|ίδου|άκης|άκη|άδης|άδου|ιάδης|έας|ης|ος|ου|άς|ας)$")
_OTHER_GIVEN = words_of("""
    иван анна мария александр дмитрий елена ольга наталья сергей андрей алексей татьяна ирина михаил екатерина николай
    владимир светлана юлия павел виктор олег игорь анастасия максим денис людмила галина надежда вера ксения роман
    محمد أحمد احمد علي فاطمة حسن حسين عمر خالد يوسف إبراهيم ابراهيم عبدالله عبد مريم زينب عائشة سارة ليلى نور محمود
    مصطفى سعيد كريم هدى خديجة سلمى رنا طارق سامي ناصر
    пётр петр семен семён артём артем илья фёдор кирилл егор глеб полина дарья софья варвара вероника маргарита
    валентина лариса тамара зоя борис григорий степан тарас остап богдан ярослав оксана леся микола петро василь
    андрій олена наталія марія георги стефан димитър мария ивана тодор
    سلطان فهد فيصل ماجد بدر عائشه دعاء إيمان ايمان آمنة أمينة جميلة حمزة ياسر زياد رامي وليد هاني بلال عثمان صالح
    איתמר יהודה שמעון יונתן אסתר רבקה דבורה מיכאל אלון גיא עמית ליאור רונית שירה מאיה עדי
    सुशील मनोहर रोहित संदीप प्रकाश महेश गणेश सुनीता रेखा उषा ज्योति पूनम नीता किरण विनोद अशोक अरुण सूर्य
    דוד משה יוסף שרה רחל לאה יעקב אברהם חנה מרים דניאל נועה יעל תמר אורי איתן
    अमित राज राम सीता प्रिया अनिल सुनील विजय राहुल पूजा नेहा कुमार सिंह शर्मा वर्मा गुप्ता पटेल यादव रमेश सुरेश अंजलि
    मोहन गीता रवि संजय दीपक कविता लक्ष्मी अजय मीना आशा मनोज राजेश
    γεώργιος γιώργος μαρία ελένη νίκος νικόλαος κώστας κωνσταντίνος δημήτρης δημήτριος γιάννης ιωάννης αικατερίνη
    κατερίνα βασίλης σοφία άννα χρήστος παναγιώτης αγγελική
    สมชาย สมหญิง สมศักดิ์ ประเสริฐ วิชัย นิภา มาลี
""")


def fold(text: str) -> str:
    """Lower case without accents, so that Müller and MULLER are one word; other scripts keep their letters.

    >>> fold("Zoë MÜLLER-Weiß")
    'zoe muller-weiss'
    """
    if text.isascii():
        return text.lower()
    split = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in split if not "\u0300" <= letter <= "\u036f")
    return unicodedata.normalize("NFC", bare)  # Korean and Japanese letters together again


def is_known_name(text: str) -> bool:
    """Whether a cell is a person's name with at least one part that is known as one, or a title before it.

    >>> [is_known_name(text) for text in ("Meier, Anna", "Frau Dr. Blub", "J. Kowalski", "Blue Tent", "Hugo Boss AG")]
    [True, True, True, False, False]
    """
    parts = name_parts(text)
    if not parts:
        return False
    if not parts[0].isascii() and _in_other_script(text.strip(), parts):
        return True
    if _TITLE.match(text):
        return True
    if len(parts) == 1:
        return parts[0] in GIVEN or parts[0] in SURNAMES
    if parts[0] in GIVEN or parts[-1] in SURNAMES or (parts[0] in SURNAMES and parts[-1] in GIVEN):
        return True
    if "," in text:
        return parts[0] in SURNAMES or any(part in GIVEN for part in parts[1:]) or len(parts[-1]) == 1 < len(parts[0])
    initial = len(parts[0]) == 1 and parts[0].isascii() and len(parts[-1]) >= 3
    return initial or parts[-1] in GIVEN or ends_like_a_surname(parts[-1])


def ends_like_a_surname(folded: str) -> bool:
    """Whether a folded word ends as family names of some country do (-mann, -ovic, -ez)."""
    return bool(_SURNAME_END.search(folded))


def name_parts(text: str) -> list[str]:
    """The folded words of a cell that may be a person's name; empty when it cannot be one."""
    if len(text) > 60 or any(letter.isdigit() for letter in text) or COMPANY.search(text):
        return []
    plain = _TITLE.sub("", _TITLE.sub("", text.strip()))
    words = re.findall(r"[^\W\d_]+(?:['’‑-][^\W\d_]+)*", plain)
    if _NOT_IN_NAMES.search(plain):
        return []
    if not words or len(words) > 6 or not _is_written_as_name(words):
        return []
    parts = [part for word in words for part in fold(re.sub("['’‑]", "", word)).split("-") if part]
    return [part for part in parts if part not in _PARTICLES] or parts


def _is_written_as_name(words: list[str]) -> bool:
    """Each word with a capital, or none at all; "Down jacket" is none."""
    lower = [word for word in words if word[0].islower() and word not in _PARTICLES]
    return not lower or len(lower) == len([word for word in words if word not in _PARTICLES])


def _in_other_script(text: str, parts: list[str]) -> bool:
    letters = re.sub(r"[\s·・]", "", text)
    if re.fullmatch(r"[\u4e00-\u9fff々]{2,6}", letters):
        chinese = letters[0] in _CHINESE and len(letters) <= 4
        return chinese or any(letters.startswith(name) for name in _JAPANESE)
    if re.fullmatch(r"[\uac00-\ud7af]{2,4}", letters):
        return letters[0] in _KOREAN
    words = [word.lower() for word in re.findall(r"\w[\w\u0300-\u036f\u0900-\u097f\u0e00-\u0e7f]*", text)]
    if any(word in _OTHER_GIVEN for word in words):
        return True
    ends = len(words) > 1 and any(_CYRILLIC.search(word) or _GREEK.search(word) for word in words[-2:])
    return ends and not parts[0].isascii()
