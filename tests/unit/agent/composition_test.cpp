#include <gtest/gtest.h>
#include <sys/stat.h>

#include <barrier>
#include <filesystem>
#include <set>
#include <thread>

#include "agent/lock_file.hpp"
#include "agent/own_program.hpp"
#include "agent/startup.hpp"
#include "composition/certificates.hpp"
#include "composition/config_file.hpp"
#include "composition/installation.hpp"
#include "composition/private_files.hpp"
#include "system/random.hpp"
#include "temporary_folder.hpp"

namespace hearth {
namespace {

using testing::TemporaryFolder;

TEST(Installation, has_one_id_for_all_that_start_together) {
    const TemporaryFolder folder;
    system::SystemRandom random;
    std::barrier together(8);
    std::mutex mutex;
    std::set<std::string> ids;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&] {
                together.arrive_and_wait();
                const auto id = composition::installation_id(folder.path() + "/state", random);
                const std::scoped_lock lock(mutex);
                ids.insert(id ? *id : id.error().what);
            });
        }
    }
    ASSERT_EQ(ids.size(), 1U);
    EXPECT_EQ(ids.begin()->size(), 32U);
}

TEST(Installation, that_is_damaged_is_not_made_anew) {
    const TemporaryFolder folder;
    system::SystemRandom random;
    testing::write_file(folder.path() + "/installation_id", "something else");
    EXPECT_FALSE(composition::installation_id(folder.path(), random));
    EXPECT_EQ(testing::content(folder.path() + "/installation_id"), "something else");
}

TEST(PrivateFiles, create_changes_nothing_that_is_there) {
    const TemporaryFolder folder;
    composition::PrivateFiles files;
    const std::string path = folder.path() + "/key";
    EXPECT_EQ(files.create(path, "first"), true);
    EXPECT_EQ(files.create(path, "second"), false);
    EXPECT_EQ(testing::content(path), "first");
    EXPECT_EQ(files.names(folder.path())->size(), 1U) << "no draft is left";
    struct stat status{};
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(PrivateFiles, read_private_refuses_what_others_may_read) {
    const TemporaryFolder folder;
    composition::PrivateFiles files;
    const std::string path = folder.path() + "/key";
    ASSERT_TRUE(files.create(path, "x"));
    EXPECT_TRUE(files.read_private(path, 10));
    ::chmod(path.c_str(), 0640);
    const auto refused = files.read_private(path, 10);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().hint, "chmod 600 " + path);
}

TEST(Certificates, are_the_systems_unless_somebody_names_others) {
    const auto found = composition::certificates_of({}, [](auto) { return std::nullopt; });
    EXPECT_EQ(found.file.path, "");
    EXPECT_EQ(found.folder.path, "");
    EXPECT_TRUE(found.system_authorities);
}

TEST(Certificates, come_from_the_environment_each_in_place_of_the_systems) {
    const Environment environment = [](std::string_view name) -> std::optional<std::string> {
        if (name == "SSL_CERT_FILE") return "/own/authorities.pem";
        return name == "SSL_CERT_DIR" ? std::optional<std::string>("own") : std::nullopt;
    };
    const auto found = composition::certificates_of({}, environment);
    EXPECT_EQ(found.file.path, "/own/authorities.pem");
    EXPECT_EQ(found.file.named_by, "SSL_CERT_FILE");
    EXPECT_EQ(found.folder.path, std::filesystem::current_path() / "own")
        << "it is found from any folder";
    EXPECT_TRUE(found.system_authorities);
}

TEST(Certificates, of_the_settings_win_and_are_the_only_ones) {
    const TemporaryFolder folder;
    const auto named = [&](const std::string& path) {
        return composition::certificates_of({.certificates = path},
                                            [](auto) { return "/environment"; });
    };
    const auto file = named(folder.path() + "/one.pem");
    EXPECT_EQ(file.file.path, folder.path() + "/one.pem");
    EXPECT_EQ(file.file.named_by, "network.certificates");
    EXPECT_EQ(file.folder.path, "");
    EXPECT_FALSE(file.system_authorities);
    const auto whole = named(folder.path());
    EXPECT_EQ(whole.file.path, "");
    EXPECT_EQ(whole.folder.path, folder.path());
}

class ConfigFile : public ::testing::Test {
  protected:
    TemporaryFolder folder;
    std::string path = folder.path() + "/config.toml";
    composition::ConfigFile file{path, folder.path() + "/state/config.lock"};
};

TEST_F(ConfigFile, that_is_absent_is_the_default_settings) {
    const auto settings = file.load();
    ASSERT_TRUE(settings);
    EXPECT_TRUE(settings->profiles.empty());
    EXPECT_FALSE(file.changed());
}

TEST_F(ConfigFile, notices_that_it_was_written_by_hand) {
    ASSERT_TRUE(file.load());
    testing::write_file(path, "[store]\nkind = \"memory\"\n");
    EXPECT_TRUE(file.changed());
    EXPECT_EQ(file.load()->store.kind, StoreKind::memory);
    EXPECT_FALSE(file.changed());
}

TEST_F(ConfigFile, that_is_broken_says_where) {
    testing::write_file(path, "[store]\nkind = \"nowhere\"\n");
    EXPECT_FALSE(file.load());
    ASSERT_TRUE(file.broken());
    EXPECT_NE(file.broken()->what.find("config.toml:2"), std::string::npos);
}

TEST_F(ConfigFile, that_is_a_named_pipe_keeps_nobody_waiting) {
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    const auto settings = file.load();
    ASSERT_FALSE(settings);
    EXPECT_EQ(settings.error().what, path + " is not a file");
}

TEST_F(ConfigFile, is_not_written_when_the_edit_would_break_it) {
    testing::write_file(path, "# mine\n");
    const auto edited =
        file.edit([](std::string_view) -> Result<std::string> { return "[store\n"; });
    EXPECT_FALSE(edited);
    EXPECT_EQ(testing::content(path), "# mine\n");
}

TEST(LockFile, is_held_by_one_until_dropped) {
    const TemporaryFolder folder;
    const std::string path = folder.path() + "/agent.lock";
    auto first = agent::try_lock_file(path);
    ASSERT_TRUE(first && *first);
    EXPECT_FALSE(*agent::try_lock_file(path));
    first->reset();
    EXPECT_TRUE(*agent::try_lock_file(path));
}

TEST(LockFile, that_was_removed_does_not_let_two_in) {
    const TemporaryFolder folder;
    const std::string path = folder.path() + "/agent.lock";
    ASSERT_TRUE(agent::try_lock_file(path)->has_value());
    ::unlink(path.c_str());
    const auto held = agent::try_lock_file(path);
    ASSERT_TRUE(held && *held);
    EXPECT_FALSE(*agent::try_lock_file(path));
}

TEST(OwnProgram, is_not_replaced_while_it_stands) { EXPECT_FALSE(agent::OwnProgram().replaced()); }

TEST(Arguments, that_are_not_known_are_refused) {
    const auto parse = [](std::vector<std::string> words) {
        std::vector<char*> pointers;
        for (auto& word : words) pointers.push_back(word.data());
        return agent::Arguments::parse(pointers);
    };
    EXPECT_TRUE(parse({"--foreground"})->foreground);
    EXPECT_EQ(parse({"--once", "--prefetch", "work"})->prefetch.at(0).text(), "work");
    EXPECT_FALSE(parse({"--forground"}));
    EXPECT_FALSE(parse({"--once", "--foreground"}));
    EXPECT_FALSE(parse({"--prefetch"}));
    EXPECT_FALSE(parse({"--prefetch", "../x"}));
}

}  // namespace
}  // namespace hearth
