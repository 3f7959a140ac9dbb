#include "composition/trusted_projects.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "temporary_folder.hpp"

namespace hearth::composition {
namespace {

using hearth::testing::content;
using hearth::testing::write_file;
using ::testing::HasSubstr;

class TrustedProjectsOnDisk : public ::testing::Test {
  protected:
    hearth::testing::TemporaryFolder state;
    TrustedProjects projects{state.path()};

    [[nodiscard]] std::string file() const { return state.path() + "/trusted.json"; }
    static void trust(TrustedProjects& with, const std::string& folder, const std::string& text) {
        const auto done = with.edit([&](trust::Agreements& all) {
            all.add({.folder = folder, .text = text, .at = Instant{}});
        });
        ASSERT_TRUE(done) << done.error().what;
    }
};

constexpr auto one_profile = "[profiles.work]\nprovider = \"claude\"\n";

TEST_F(TrustedProjectsOnDisk, are_none_without_a_file) {
    EXPECT_TRUE(projects.load());
    EXPECT_FALSE(projects.changed());
    EXPECT_TRUE(projects.profiles().empty());
}

TEST_F(TrustedProjectsOnDisk, are_kept_in_a_file_that_only_the_person_can_read) {
    trust(projects, "/app", one_profile);
    struct stat facts{};
    ASSERT_EQ(::stat(file().c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
    TrustedProjects again(state.path());
    EXPECT_TRUE(again.changed());
    ASSERT_TRUE(again.load());
    EXPECT_EQ(again.profiles().size(), 1U);
}

TEST_F(TrustedProjectsOnDisk, edited_by_two_processes_lose_nothing) {
    TrustedProjects other(state.path());
    ASSERT_TRUE(other.load());
    trust(projects, "/one", one_profile);
    trust(other, "/two", one_profile);
    EXPECT_TRUE(projects.changed());
    ASSERT_TRUE(projects.load());
    EXPECT_EQ(projects.agreements().all().size(), 2U);
}

TEST_F(TrustedProjectsOnDisk, settle_beside_the_profiles_of_the_person_and_in_place_of_old_ones) {
    Settings settings;
    const auto own = *Name::parse("work");
    settings.profiles.emplace(own, std::make_shared<const Profile>(
                                       Profile{.name = own, .session = own, .provider = "oidc"}));
    trust(projects, "/app", one_profile);
    projects.settle_in(settings);
    projects.settle_in(settings);
    ASSERT_EQ(settings.profiles.size(), 2U);
    EXPECT_EQ(settings.profiles.at(own)->provider, "oidc");
    for (const auto& [name, profile] : settings.profiles) {
        EXPECT_EQ(name, profile->name);
        EXPECT_EQ(name == own, profile->session == own);
    }
    ASSERT_TRUE(projects.edit([](trust::Agreements& all) { (void)all.remove("/app"); }));
    projects.settle_in(settings);
    EXPECT_EQ(settings.profiles.size(), 1U);
}

TEST_F(TrustedProjectsOnDisk, that_cannot_be_read_are_none_and_are_left_alone) {
    trust(projects, "/app", one_profile);
    write_file(file(), "{");
    const auto read = projects.load();
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().what, HasSubstr(file()));
    EXPECT_TRUE(projects.profiles().empty());
    EXPECT_FALSE(projects.edit([](trust::Agreements& all) { (void)all.remove("/app"); }));
    EXPECT_EQ(content(file()), "{");
}

TEST_F(TrustedProjectsOnDisk, are_not_read_through_a_symbolic_link) {
    trust(projects, "/app", one_profile);
    std::filesystem::rename(file(), file() + ".away");
    std::filesystem::create_symlink(file() + ".away", file());
    EXPECT_FALSE(projects.load());
    EXPECT_TRUE(projects.profiles().empty());
}

}  // namespace
}  // namespace hearth::composition
