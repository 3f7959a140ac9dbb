#include <gmock/gmock.h>

#include "unit/aws/parsed_files.hpp"

namespace hearth::providers::aws {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(SharedFileErrors, say_where_a_file_is_wrong_and_what_to_do) {
    struct Wrong {
        std::string_view text;
        std::string_view what;
        std::string_view hint;
    };
    const std::string_view setting =
        "a setting is written KEY = VALUE, and a comment begins with # or ;";
    const std::string_view short_setting = "a setting is written KEY = VALUE";
    const std::string_view below = "put it below a section such as [default]";
    const std::string_view section = "a section is written [default] or [profile NAME]";
    const std::string_view blank = "write it without the blank at its beginning";
    const std::string_view outside = "config:1: this line stands before any section";
    const std::string_view indented =
        "config:2: this line is indented, and there is no setting above to continue";
    for (const auto& [text, what, hint] : {
             Wrong{"a = 1", outside, below},
             Wrong{" a", outside, below},
             Wrong{"[profile foo]\nkey : value", "config:2: this line has no '='", setting},
             Wrong{"[profile foo]\n\r\nkey", "config:3: this line has no '='", setting},
             Wrong{"[profile foo]\na # = b", "config:2: this line has no '='", setting},
             Wrong{"[foo]\nkey", "config:2: this line has no '='", setting},
             Wrong{"[profile foo]\n= a", "config:2: there is no name before the '='",
                   short_setting},
             Wrong{"[profile foo]\n a", indented, blank},
             Wrong{"[profile foo]\n a = 1", indented, blank},
             Wrong{"[profile foo]\na = 1\n[profile foo]\n b",
                   "config:4: this line is indented, and there is no setting above to continue",
                   blank},
             Wrong{"[profile foo", "config:1: the bracket of this section is not closed", section},
             Wrong{"[profile foo # ]", "config:1: the bracket of this section is not closed",
                   section},
             Wrong{"[profile foo] bar", "config:1: the bracket of this section is not closed",
                   section},
             Wrong{"[", "config:1: the bracket of this section is not closed", section},
             Wrong{"[profile foo]\ns3 =\n a", "config:3: this line has no '='", setting},
             Wrong{"[profile foo]\ns3 =\n\n = a", "config:4: there is no name before the '='",
                   short_setting},
             Wrong{std::string_view("[profile foo]\n\0", 15),
                   "config:2: this is not text: it holds a zero byte", "save the file as UTF-8"},
         }) {
        const auto file = parsed(text);
        ASSERT_FALSE(file) << text;
        EXPECT_EQ(file.error(), (Error{Remedy::usage, std::string(what), std::string(hint)}));
    }
}

TEST(SharedFileErrors, quote_no_value_and_neither_do_notes) {
    const std::string secret = "wJalrXUtnFEMI-K7MDENG";
    for (const auto& text :
         {secret, "[default]\n" + secret, "[default]\n=" + secret, "[default]\n " + secret,
          "[default\n" + secret, "[default] " + secret, "[default]\ns3 =\n " + secret}) {
        const auto file = parsed(text);
        ASSERT_FALSE(file) << text;
        EXPECT_THAT(file.error().what + file.error().hint, Not(HasSubstr(secret)));
    }
    for (const auto& note :
         notes("[default]\nnot a name " + secret + " = " + secret + "\n[x " + secret + " y]"))
        EXPECT_THAT(note, Not(HasSubstr(secret)));
}

TEST(SharedFile, holds_secrets_as_secrets) {
    const auto file = parsed(
        "[foo]\naws_access_key_id = AKID\nAWS_SECRET_ACCESS_KEY = one\n more\n"
        "aws_session_token = two\naws_security_token = three\nweb_identity_token_file = /four\n"
        "x =\n password = five\n",
        credentials);
    ASSERT_TRUE(file);
    const auto& properties = file->profiles.at("foo").properties;
    for (const auto* key : {"aws_secret_access_key", "aws_session_token", "aws_security_token"}) {
        EXPECT_EQ(properties.at(key).value.text, "") << key;
        EXPECT_FALSE(properties.at(key).value.secret.empty()) << key;
    }
    EXPECT_EQ(properties.at("aws_secret_access_key").value.secret.reveal(), "one\nmore");
    EXPECT_EQ(properties.at("x").parts.at("password").text, "");
    EXPECT_EQ(properties.at("aws_access_key_id").value.text, "AKID");
    EXPECT_EQ(properties.at("web_identity_token_file").value.text, "/four");
}

TEST(SharedFile, of_ten_mebibytes_is_read_and_a_larger_one_refused) {
    std::string text = "[profile foo]\na = b\n";
    while (text.size() < largest_shared_file - 16) text += " c\n\n";
    text.resize(largest_shared_file, ' ');
    EXPECT_TRUE(parsed(text));
    text += ' ';
    const auto file = parsed(text);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().what, "config is larger than 10 MiB");
    EXPECT_EQ(file.error().hint, "take out what is no profile of yours");
}

TEST(SharedFile, keeps_a_hundred_notes_at_most) {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += "[foo]\n";
    EXPECT_EQ(notes(text).size(), most_notes);
    EXPECT_THAT(notes("[profile foo]\na = 1"), IsEmpty());
}

}  // namespace
}  // namespace hearth::providers::aws
