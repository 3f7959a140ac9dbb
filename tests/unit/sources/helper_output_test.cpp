#include "sources/helper_output.hpp"

#include <gmock/gmock.h>

#include "sources/given.hpp"

namespace hearth::sources {
namespace {

using ::testing::HasSubstr;
using Kind = HelperTrouble::Kind;
using How = CommandEnd::How;

Result<CommandEnd> ended(How how, int status, std::string_view printed) {
    return CommandEnd{.how = how, .status = status, .took = {}, .output = Secret(printed)};
}

TEST(Helper, output_is_the_token_without_blanks_around_it) {
    const auto output = output_of(ended(How::exited, 0, " \n t0ken \r\n"));
    ASSERT_TRUE(output);
    EXPECT_EQ(output->reveal(), "t0ken");
}

TEST(Helper, gives_nothing_when_it_fails_whatever_it_printed) {
    EXPECT_EQ(output_of(ended(How::exited, 7, "t0ken")).error(),
              (HelperTrouble{.kind = Kind::exited, .status = 7}));
    EXPECT_EQ(output_of(ended(How::signalled, 9, "t0ken")).error(),
              (HelperTrouble{.kind = Kind::signalled, .status = 9}));
    EXPECT_EQ(output_of(ended(How::time_limit, 0, "t0ken")).error().kind, Kind::time_limit);
    EXPECT_EQ(output_of(ended(How::stopped, 0, "t0ken")).error().kind, Kind::stopped);
}

TEST(Helper, that_prints_anything_but_one_word_gives_no_token) {
    for (const auto& printed : {std::string("two words"), std::string("banner\nt0ken"),
                                std::string("caf\xC3\xA9"), std::string(longest_token + 1, 'a')})
        EXPECT_EQ(output_of(ended(How::exited, 0, printed)).error().kind, Kind::no_token);
    EXPECT_EQ(output_of(ended(How::exited, 0, " \n")).error().kind, Kind::nothing);
    EXPECT_TRUE(output_of(ended(How::exited, 0, std::string(longest_token, 'a'))));
}

TEST(Helper, error_names_the_profile_and_the_setting) {
    const auto error = error_of({.kind = Kind::exited, .status = 7},
                                {.profile = "work", .setting = "token_helper", .file = {}});
    EXPECT_EQ(error.remedy, Remedy::failed);
    EXPECT_EQ(error.what, "work: the helper in token_helper ended with exit status 7");
    EXPECT_THAT(error.hint, HasSubstr("hearth config get profiles.work.token_helper"));
}

TEST(Helper, troubles_have_names_that_are_read_back) {
    for (const auto kind :
         {Kind::not_started, Kind::exited, Kind::signalled, Kind::time_limit, Kind::stopped,
          Kind::nothing, Kind::no_token, Kind::same_again, Kind::nobody, Kind::busy})
        EXPECT_EQ(parse_trouble(to_string(kind)), kind);
    EXPECT_EQ(parse_trouble("hungry"), std::nullopt);
}

TEST(Helper, shows_the_program_of_a_command_and_no_more) {
    EXPECT_EQ(program_of("  vault read secret"), "vault");
    EXPECT_EQ(program_of("/usr/bin/pass"), "/usr/bin/pass");
    EXPECT_EQ(program_of(""), "");
}

TEST(Helper, shows_no_program_that_could_hold_a_secret) {
    for (const auto* command : {"KEY=s3cret vault", "'s3cret'", "$(s3cret)", "echo|s3cret"})
        EXPECT_EQ(program_of(command), "") << command;
}

}  // namespace
}  // namespace hearth::sources
