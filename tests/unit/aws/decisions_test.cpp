#include "providers/aws/decisions.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace hearth::providers::aws {
namespace {

constexpr const char* config = "/home/robin/.aws/config";

// Files that count how often they are read; their stamp is their text.
class CountingMaterial : public Material {
  public:
    Result<Secret> file(const std::string& path, std::size_t /*limit*/) override {
        return std::unexpected(Error{Remedy::failed, path + " is not there", ""});
    }
    Result<Variables> variables() override {
        Variables of_a_desk;
        of_a_desk.metadata.disabled = true;
        return of_a_desk;
    }
    std::string home() override { return "/home/robin"; }
    std::string stamp(const std::string& path) override { return touched + files[path]; }
    Result<std::optional<Secret>> shared_file(const std::string& path,
                                              std::size_t /*limit*/) override {
        ++reads;
        if (files[path].empty()) return std::nullopt;
        return Secret(files[path]);
    }
    std::map<std::string, std::string> files;
    std::string touched;
    int reads = 0;
};

class Deciding : public ::testing::Test {
  protected:
    Deciding() {
        profile.aws->profile = "tool";
        given("aws_access_key_id = AKIA1\naws_secret_access_key = s3cret");
    }
    void given(const std::string& settings) {
        material.files[config] = "[profile tool]\n" + settings + "\n";
    }
    std::string basis() { return decisions.of(profile).basis; }

    CountingMaterial material;
    Profile profile{
        .name = *Name::parse("work"), .session = *Name::parse("work"), .provider = "aws"};
    Decisions decisions{material};
};

TEST_F(Deciding, reads_the_files_once_as_long_as_they_are_the_same) {
    const auto first = basis();
    EXPECT_EQ(basis(), first);
    EXPECT_EQ(material.reads, 2);
    EXPECT_FALSE(first.empty());
    EXPECT_FALSE(first.contains("s3cret"));
}

TEST_F(Deciding, sees_other_keys_behind_the_same_name) {
    const auto first = basis();
    given("aws_access_key_id = AKIA1\naws_secret_access_key = s3cret2");
    EXPECT_NE(basis(), first);
}

TEST_F(Deciding, does_not_mind_what_is_about_another_profile_or_stands_elsewhere_now) {
    const auto first = basis();
    material.files[config] = "# new\n[profile other]\nregion = x-1\n" + material.files[config];
    material.touched = "later";
    EXPECT_EQ(basis(), first);
    EXPECT_EQ(material.reads, 4);
}

TEST_F(Deciding, sees_that_the_files_are_broken_and_that_they_are_mended) {
    const auto first = basis();
    given("nonsense");
    const auto broken = basis();
    EXPECT_NE(broken, first);
    EXPECT_EQ(basis(), broken);
    given("aws_access_key_id = AKIA1\naws_secret_access_key = s3cret");
    EXPECT_EQ(basis(), first);
}

TEST_F(Deciding, sees_another_setting_of_the_profile_itself) {
    const auto first = basis();
    profile.aws->region = "eu-west-1";
    EXPECT_NE(basis(), first);
}

TEST_F(Deciding, tells_the_command_that_the_files_name_and_its_place) {
    EXPECT_EQ(decisions.of(profile).command, std::nullopt);
    given("credential_process = /opt/tool --for me");
    const auto command = decisions.of(profile).command.value_or(KeyCommand{});
    EXPECT_EQ(command.text, "/opt/tool --for me");
    EXPECT_EQ(command.place, std::string(config) + ":2");
}

}  // namespace
}  // namespace hearth::providers::aws
