#include "providers/aws/shared_file.hpp"

#include <gmock/gmock.h>

#include "unit/aws/parsed_files.hpp"
#include "unit/aws/shown.hpp"

namespace hearth::providers::aws {
namespace {

using ::testing::ElementsAre;

std::string read(std::string_view text, SharedFileKind kind = config) {
    const auto file = parsed(text, kind);
    return file ? shown(*file) : "error: " + file.error().what;
}

struct Case {
    std::string_view text;
    std::string_view expected;
};

void expect_all(std::initializer_list<Case> cases, SharedFileKind kind = config) {
    for (const auto& [text, expected] : cases) EXPECT_EQ(read(text, kind), expected) << text;
}

TEST(SharedFile, without_anything_has_no_profiles) {
    expect_all({{"", ""}, {"\n\n", ""}, {" \t \n# a comment\n; another", ""}});
}

TEST(SharedFile, has_the_kinds_of_sections_of_a_config_file) {
    expect_all({
        {"[default]\na = 1", "default{a=1}"},
        {"[profile foo]\na = 1", "foo{a=1}"},
        {"[profile foo]", "foo{}"},
        {"[sso-session foo]\na = 1\n[profile bar]", "bar{}session:foo{a=1}"},
        {"[services foo]\nsts =\n  endpoint_url = https://sts.example",
         "services:foo{sts=<endpoint_url=https://sts.example>}"},
        {"[profile default]\na = 1", "default{a=1}"},
        {"[profile profile]\na = 1", "profile{a=1}"},
    });
}

TEST(SharedFile, takes_profile_default_before_default) {
    expect_all({
        {"[profile default]\na = 1\n[default]\nb = 2", "default{a=1}"},
        {"[default]\nb = 2\n[profile default]\na = 1", "default{a=1}"},
        {"[profile default]\na = 1\n[default]\nb = 2\n[profile default]\nc = 3",
         "default{a=1, c=3}"},
        {"[default]\na = 1\n[default]\nb = 2", "default{a=1, b=2}"},
    });
    EXPECT_THAT(notes("[default]\nb = 2\n[profile default]\na = 1"),
                ElementsAre("config:1: section [default] is ignored: there is a [profile default] "
                            "as well"));
}

TEST(SharedFile, passes_over_config_sections_without_a_prefix) {
    expect_all({
        {"[foo]\na = 1\n[profile bar]\nb = 2", "bar{b=2}"},
        {"[profilefoo]\na = 1\n[profile bar]", "bar{}"},
        {"[sso-sessionfoo]\na = 1\n[services]\nb = 2\n[preview]\nc = 3", ""},
        {"[plugins foo]\na = 1", ""},
        {"[]\na = 1", ""},
    });
    EXPECT_THAT(
        notes("[foo]\n[profilefoo]\n[services]\n[plugins foo]\n[]\n[profile-x]"),
        ElementsAre("config:1: section [foo] is ignored: it would have to be [profile foo]",
                    "config:2: section [profilefoo] is ignored: it would have to be [profile foo]",
                    "config:3: section [services] is ignored: it has no name of its own",
                    "config:4: this section is ignored: it is neither a profile, an sso-session "
                    "nor services",
                    "config:5: this section is ignored: a name is made of letters, digits and "
                    "- _ / . % @ : +",
                    "config:6: section [profile-x] is ignored: it would have to be "
                    "[profile profile-x]"));
}

TEST(SharedFile, has_bare_names_in_the_credentials_file) {
    expect_all({{"[foo]\na = 1", "foo{a=1}"},
                {"[default]\na = 1", "default{a=1}"},
                {"[   foo    ]\na = 1\n[profile bar]\nb = 2", "foo{a=1}"},
                {"[profile foo]\na = 1", ""},
                {"[sso-session foo]\na = 1\n[two words]\nb = 2", ""},
                {"[sso-sessionfoo]\na = 1\n[bar]", "bar{}sso-sessionfoo{a=1}"}},
               credentials);
    EXPECT_THAT(
        notes("[profile foo]\n[sso-session foo]\n[two words]", credentials),
        ElementsAre(
            "credentials:1: section [profile foo] is ignored: in this file it would have to be "
            "[foo]",
            "credentials:2: section [sso-session foo] is ignored: it belongs into the config file",
            "credentials:3: this section is ignored: a name is made of letters, digits and "
            "- _ / . % @ : +"));
}

TEST(SharedFile, takes_the_characters_that_names_can_have) {
    expect_all({
        {"[profile some-thing:long/the_one%only.foo@bar+]",
         "some-thing:long/the_one%only.foo@bar+{}"},
        {"[profile ABCxyz019-_]", "ABCxyz019-_{}"},
        {"[profile foo!bar]\na = 1", ""},
        {"[profile two words]\na = 1\n[profile foo]\nb = 2", "foo{b=2}"},
        {"[profile \"quoted\"]\na = 1", ""},
        {"[profile \xC3\xA9]\na = 1", ""},
    });
}

TEST(SharedFile, does_not_mind_blanks_within_brackets) {
    expect_all({
        {"[profile \tfoo \t]", "foo{}"},
        {"[profile\tfoo]", "foo{}"},
        {"[   profile foo    ]\na = 1", "foo{a=1}"},
        {"[ \tdefault\t]\na = 1", "default{a=1}"},
        {"[sso-session  \t foo]", "session:foo{}"},
        {"[profile foo]  \t", "foo{}"},
    });
}

TEST(SharedFile, knows_comments_from_values) {
    expect_all({
        {"# one\n[profile foo] # two\na = 1 # three with # signs", "foo{a=1}"},
        {"; one\n[profile foo] ; two\na = 1 ; three with ; signs", "foo{a=1}"},
        {";\n[profile foo];\na = 1 ;\n", "foo{a=1}"},
        {"[profile foo]; adjacent\n[profile bar]# adjacent", "bar{}foo{}"},
        {"[profile foo]\na = 1; adjacent\nb = 2# adjacent", "foo{a=1; adjacent, b=2# adjacent}"},
        {"[profile foo]\na = 1\t# behind a tab", "foo{a=1}"},
        {"[profile foo]\na = x#y # z", "foo{a=x#y}"},
        {"[profile foo]\na = # nothing else", "foo{a=}"},
        {"[profile foo]\n#b = 2\na = 1", "foo{a=1}"},
    });
}

TEST(SharedFile, divides_a_property_at_the_first_equals_sign) {
    expect_all({
        {"[profile foo]\na = b=c==", "foo{a=b=c==}"},
        {"[profile foo]\na=1", "foo{a=1}"},
        {"[profile foo]\na \t=  \tb c \t", "foo{a=b c}"},
        {"[profile foo]\na =", "foo{a=}"},
        {"[profile foo]\na = \xF0\x9F\x98\x82", "foo{a=\xF0\x9F\x98\x82}"},
    });
}

TEST(SharedFile, has_keys_in_lower_case) {
    expect_all({
        {"[profile foo]\nRegion = EU", "foo{region=EU}"},
        {"[profile foo]\nAWS_Access_Key_ID = A", "foo{aws_access_key_id=A}"},
        {"[profile foo]\nABCxyz019-_ = 1", "foo{abcxyz019-_=1}"},
    });
}

TEST(SharedFile, passes_over_a_property_whose_name_is_none) {
    const std::string_view text = "[profile foo]\nin valid = 1\n continued\nb = 2";
    EXPECT_EQ(read(text), "foo{b=2}");
    EXPECT_THAT(notes(text), ElementsAre("config:2: a setting is ignored: its name has a character "
                                         "that none can have"));
}

TEST(SharedFile, continues_a_property_on_indented_lines) {
    expect_all({
        {"[profile foo]\na = b\n c", "foo{a=b\nc}"},
        {"[profile foo]\na = b\n c\n\td", "foo{a=b\nc\nd}"},
        {"[profile foo]\na = b\n \t c \t ", "foo{a=b\nc}"},
        {"[profile foo]\na = b\n c # kept", "foo{a=b\nc # kept}"},
        {"[profile foo]\na = b\n c ; kept", "foo{a=b\nc ; kept}"},
        {"[profile foo]\na = b\n # kept", "foo{a=b\n# kept}"},
        {"[profile foo]\na = b\n c = d", "foo{a=b\nc = d}"},
        {"[profile foo]\na = b\n [bar]", "foo{a=b\n[bar]}"},
        {"[profile foo]\na = b\n\n c", "foo{a=b\nc}"},
        {"[profile foo]\na = b\n# between\n c", "foo{a=b\nc}"},
    });
}

TEST(SharedFile, nests_settings_below_an_empty_value) {
    expect_all({
        {"[profile foo]\ns3 =\n a = b", "foo{s3=<a=b>}"},
        {"[profile foo]\ns3 = # nothing\n a = b", "foo{s3=<a=b>}"},
        {"[profile foo]\ns3 =\n a = b\n\t \n C = d", "foo{s3=<a=b><c=d>}"},
        {"[profile foo]\ns3 =\n a =", "foo{s3=<a=>}"},
        {"[profile foo]\ns3 =\n in valid = b", "foo{s3=<in valid=b>}"},
        {"[profile foo]\ns3 =\n a = b\n a = c", "foo{s3=<a=c>}"},
        {"[profile foo]\ns3 =\n a = b\nc = d", "foo{c=d, s3=<a=b>}"},
        {"[profile foo]\ns3 =\n a = b # kept", "foo{s3=<a=b # kept>}"},
    });
}

TEST(SharedFile, does_not_end_a_section_at_a_blank_line) {
    expect_all({
        {"\t \n[profile foo]\n\t\n \na = 1\n\t \n[profile bar]\n \t", "bar{}foo{a=1}"},
        {"[profile foo]\n\na = 1\n\n\nb = 2\n", "foo{a=1, b=2}"},
    });
}

TEST(SharedFile, merges_sections_and_lets_the_last_of_equal_keys_win) {
    expect_all({
        {"[profile foo]\na = 1\n[profile foo]\nb = 2", "foo{a=1, b=2}"},
        {"[profile foo]\na = 1\na = 2", "foo{a=2}"},
        {"[profile foo]\na = 1\n[profile foo]\na = 2", "foo{a=2}"},
        {"[profile foo]\nA = 1\n[profile bar]\n[profile foo]\na = 2", "bar{}foo{a=2}"},
        {"[profile foo]\ns3 =\n a = 1\n[profile foo]\ns3 =\n b = 2", "foo{s3=<b=2>}"},
    });
}

TEST(SharedFile, remembers_the_line_of_each_thing) {
    const auto file = parsed("\n[profile foo]\na = 1\n\nb =\n  c = 2\n[profile foo]\na = 3");
    ASSERT_TRUE(file);
    const auto& foo = file->profiles.at("foo");
    EXPECT_EQ(foo.line, 2);
    EXPECT_EQ(foo.properties.at("a").value.line, 8);
    EXPECT_EQ(foo.properties.at("b").value.line, 5);
    EXPECT_EQ(foo.properties.at("b").parts.at("c").line, 6);
}

TEST(SharedFile, may_have_the_line_ends_of_windows_and_a_byte_order_mark) {
    expect_all({
        {"[profile foo]\r\na = 1\r\n\r\nb = 2\r\n", "foo{a=1, b=2}"},
        {"[profile foo]\r\ns3 =\r\n a = b\r\n", "foo{s3=<a=b>}"},
        {"[profile foo]\r\na = b\r\n c\r\n", "foo{a=b\nc}"},
        {"\xEF\xBB\xBF[profile foo]\na = 1", "foo{a=1}"},
        {"\xEF\xBB\xBF", ""},
    });
}

}  // namespace
}  // namespace hearth::providers::aws
