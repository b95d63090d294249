#include "services/auth/domain/common_passwords.h"

#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_split.h"

namespace tidemark::auth {
namespace {

// Lower-case, sorted. Mostly from the frequency list of zxcvbn (MIT licence, (c) Dan Wheeler and Dropbox,
// Inc.), with the repetitions and the years that people append today.
constexpr char kCommonPasswords[] = R"list(
0000000000 00000000000 000000000000 0000000000o 0102030405 010203040506 0123456789 0147896325 0192837465
0987654321q 1020304050 102030405060 1029384756 1111111111 11111111111 111111111111 1111111111zz 1111122222
1112131415 111222333a 1122112211 1122334455 112233445566 1123581321 1213141516 1223334444 123123123a
123123123q 123123qweqwe 1234509876 1234554321 1234554321q 12345654321 123456654321 12345678!a 123456782000
123456789! 1234567890 1234567890! 12345678900 12345678900987654321 12345678901 123456789012 1234567890a
1234567890q 1234567890qw 1234567890qwe 1234567890s 1234567890w 1234567890z 1234567890zzz 1234567891
12345678910 12345678912 123456789123 12345678987654321 1234567899 123456789987654321 123456789a
123456789aa 123456789abc 123456789as 123456789b 123456789d 123456789f 123456789g 123456789i 123456789k
123456789l 123456789m 123456789n 123456789o 123456789p 123456789q 123456789qaz 123456789qq 123456789qqq
123456789qw 123456789qwe 123456789qwerty 123456789r 123456789s 123456789t 123456789v 123456789w 123456789x
123456789z 123456789zxc 12345678qwe 123456qwerty 12345abcde 12345qwert 12345qwerty 12345trewq 12345zxcvb
1234qwerasdf 1234qwerty 1236547890 123hfjdk147 123qwe456rty 123qweasdzxc 12qw34er56ty 1357908642
1357924680 1357997531 159753456852 17171717aa 19mtpgam19 1a2a3a4a5a 1a2b3c4d5e 1a2s3d4f5g 1pass1page
1q2q3q4q5q 1q2w3e4r5t 1q2w3e4r5t6y 1q2w3e4r5t6y7u8i9o0p 1qa2ws3ed4rf 1qaz!qaz2wsx 1qaz2wsx3e 1qaz2wsx3edc
1qaz2wsx3edc4rfv 1qaz@wsx3edc 1qazxsw23edc 1qazxsw23edcvfr4 1z2x3c4v5b 2222222222 22222222222 222222222222
23176djivanfros 31217221027711 3141592654 3216732167 3333333333 33333333333 333333333333 3rjs1la7qe
3syqo15hil 42qwerty42 4444444444 44444444444 444444444444 4815162342 4815162342a 4815162342lost
4904s677075 51051051051 541233432442 5555555555 55555555555 555555555555 5hsu75kpot 5t4r3e2w1q 6666666666
66666666666 666666666666 7777755102q 7777777777 77777777777 777777777777 7894561230 7ugd5hip2j 80070633pc
88002000600 8888888888 88888888888 888888888888 89015173454 89172735872 89211375759 89231243658s
89600506779 8phrowz622 8phrowz624 9293709b13 9876543210 987654321a 987654321q 989244342a 999111999q
9999999999 99999999999 999999999999 a123456789 a1234567890 a1a2a3a4a5 a1b2c3d4e5 a1s2d3f4g5 a987654321
aaaaaaaaaa abc1234567 abc123abc123 abcabcabca abcd123456 abcd1234567 abcde12345 abcdef1234 abcdefghij
abcdefghijk abcdefghijklmnopqrstuvwxyz abracadabra abrakadabra admin12345 admin123456 admin18533362
admin@1234 administrator administrator1 ajcuivd289 aleksander aleksandra alessandro alexander1 alphaomega
amsterdam1 an83546921an13 anastasija anastasiya andrewjackie angelochek angelofwar apokalipsis applesauce
armageddon arsenal123 asdfg12345 asdfghjkl1 asdfghjkl123 asdfghjkl; asdfghjklzxcvbnm ashley1234
astalavista astonvilla autumn2024 autumn2025 azertyuiop azsxdcfvgb azwebitalia badnaamhere barcelona1
barcelona10 baseball123 basketball basketball1 batman1234 bbbbbbbbbb beautiful1 berezuckiy bestfriend
birthday21 birthday299 birthday54 blackberry bladerunner blingbling blink182182 bondarenko boy4u2ownnyc
braveheart byajhvfnbrf c43qpul5rz callofduty cannondale casablanca cegthgfhjkm changeme12 changeme123
changemenow charlie123 charlie1234 cheburashka cheerleaers chelsea123 chickenwing101 chocolate1 christophe
christopher1 clubpenguin cnjvfnjkju combat123654 comicbookdb computador computer123 contortionist
correcthorsebatterystaple counterstrike ctdfcnjgjkm cvzefh1gkc cxfcnkbdfz cxfcnmttcnm cyberonline
cyecvevhbr cyjdsvujljv darkknight darthvader dashadasha dbrnjhjdbx dbrnjhjdyf deeppurple deerhunter
deltaforce depechemode desperados deutschland devildriver devilmaycry devilmaycry4 dhjnvytyjub
digitalprodu dkflbvbhjdbx dkflbvbhjdyf dodgeviper domainlock2005 dragon1234 dragonball dragonballz
dragonfire efbcapa201 elizabeth1 enterprise evanescence evangelion facebook12 facebook123 fartripper
fcbarcelona fenerbahce fgjrfkbgcbc finalfantasy firefighter firestarter fkg7h4f3v6 fkmnthyfnbdf fktrcfylhf
fktrcfylhjdbx fktrcfylhjdyf flvbybcnhfnjh football12 football123 fortnite123 freedom123 friendster
froinlaven galatasaray gfhjkmgfhjkm ghbdtndctv ghbdtnghbdtn ghbdtngjrf ghbdtnrfrltkf ghhh47hj764
ghhh47hj7649 ghjcnbnenrf ghjcnjgfhjkm ghjcnjghjcnj ghjcnjrdfibyj ghjcnjrdfif ghjrehfnehf ghostrider
goldfinger good123654 goodfellas google1234 greedisgood groupd2013 gthtcnhjqrf gunslinger gy3yt2rgls
harrypotter hd764nw5d7e1vb1 hedimaptfcor hellokitty hellothere helloworld hellraiser highlander hondacivic
hshfd4n279 htubcnhfwbz hypnodanny iaapptfcor iddqdidkfa ihateyou123 ilovegirls iloveme123 ilovemyself
iloveyou12 iloveyou123 iloveyou1234 iloveyou2! iloveyouso iloveyousomuch instagram1 installdevic
installutil internet123 ironmaiden iseedeadpeople j3qq4h7h2v jamesbond007 jediknight jennifer123
jessica123 jetbalance jigei743ks juggernaut justforfun justinbieber kamehameha kbnthfnehf kingfisher
konstantin ladyffesta lamborghini leavemealone ledzeppelin letmein123 letmein1234 letmein12345 letmeinnow
letmeinplease lhbjkjubz2957704 lifeisgood lightsaber limpbizkit liverpool1 liverpool123 lkjhgfdsaz
lockerroom losangeles lost4815162342 loveislife lsia9dnb9y luojianhua m6cjy69u35 madagaskar
mailcreated5240 manchester manchester1 mapet123456 master1234 matematika maurolarastefy maximilian
metallica1 mevefalkcakk michael123 mickeymouse microphone microsoft1 minecraft1 minecraft123 moneymaker
monkey1234 montecarlo montgom240 mostwanted motdepasse motherlode multiplelo mypassword mypassword1
naughtyboy necromancer needforspeed networkingpe neveragain newpassword newpassword1 newproject2004
newzealand nopassword nothing123 nthvbyfnjh oc247ngucz oldsmobile olegnaruto opensesame p@$$w0rd123
p@ssw0rd12 p@ssw0rd123 p@ssword123 painkiller parolparol pass123456 pass1234567 passphrase passw0rd12
passw0rd123 password!23 password#123 password00 password01 password1! password10 password11 password12
password12! password123 password123! password1234 password1234! password13 password2020 password2021
password2022 password2023 password2024 password2025 password2026 password23 password69 password99
password@123 passwordpassword pathfinder peternorth playstation playstation3 poiuytrewq pokemon123
pokemon1234 polniypizdec0211 polniypizdec110211 porsche911 postov1000 prettygirl primetime21 princess12
princess123 psychnaut1 ptybnxtvgbjy puertorico pufunga7782 q123456789 q1234567890 q1q2q3q4q5 q1w2e3r4t5
q1w2e3r4t5y6 q1w2e3r4t5y6u7 q1w2e3r4t5y6u7i8 qawsedrftg qazwsxedc1 qazwsxedc12 qazwsxedc123 qazwsxedcrfv
qazwsxedcrfvtgb qazxswedcvfr qpwoeiruty qq123456789 quant4307s quicksilver qweasdzxc1 qweasdzxc123
qwerasdfzxcv qwert12345 qwert54321 qwertasdfg qwerty123! qwerty1234 qwerty12345 qwerty12345! qwerty123456
qwerty123456789 qwerty2010 qwerty@123 qwertyasdfgh qwertyqwerty qwertyuiop qwertyuiop1 qwertyuiop123
qwertyuiopasdfghjkl qwertyytrewq r3vi3wpass realmadrid reanimator rfhfvtkmrf rfkmrekznjh rfnfcnhjaf
rfnfgekmnf rhbcnbyjxrf rjhjkmbien rjirfrgbde rjycnfynby rkfdbfnehf roadrunner roflcopter ronaldinho
root123456 runescape1 s456123789 sailormoon salamander salamandra samsung123 sanandreas saun24865709
sebastian1 secret1234 secret12345 sersolution sevastopol shadow1212 shadow1234 shevchenko sidewinder
skateboard skorpion39 slipknot666 smallville solidsnake sonyericsson spartan117 spiderman1 spring2024
spring2025 stalingrad starwars123 strawberry streetball summer2023 summer2024 summer2025 summertime
sunshine12 sunshine123 superadmin superduper superman123 supermanboy superpuper supersonic t34vfrc1991
tamwsn3sja temporary1 temppassword terminator test123456 testing123 testpassword testtest123 thunderbird
tidemark12 tidemark123 tidemark1234 tigerwoods tinkerbell tokiohotel trustno1234 trustnoone undertaker
unforgiven vanyarespekt venom121293 verygoodbot vfhufhbnrf vflfufcrfh vfntvfnbrf vfvfvskfhfve vfylfhbyrf
volkswagen vqsablpzla vsjasnel12 vyjujnjxbt wachtwoord watermelon webhompass websolutions welcome123
welcome123! welcome1234 welcome2023 welcome2024 welcome2025 welcome@123 wenef45313 whatever123 whatsapp123
whatthehell whosyourdaddy windows123 winnipeg261 winter2023 winter2024 winter2025 xxxxxxxxxx yanshi1982
ybrjkftdbx yfnfitymrf yjdsqgfhjkm z123456789 z1x2c3v4b5 zaq12wsxcde3 zaq1xsw2cde3 zaratustra zcxfcnkbdf
zqjphsyf6ctifgu zx123456789 zxcasdqwe123 zxcvb12345 zxcvbnm123 zxcvbnm1234 zzzzzzzzzz
)list";

}  // namespace

bool IsCommonPassword(const std::string& lower_cased) {
  static const auto* const passwords = new absl::flat_hash_set<std::string>(
      absl::StrSplit(kCommonPasswords, absl::ByAnyChar(" \n"), absl::SkipEmpty()));
  return passwords->contains(lower_cased);
}

}  // namespace tidemark::auth
