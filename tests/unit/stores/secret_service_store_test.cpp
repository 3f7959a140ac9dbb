#include "stores/secret_service_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "support/keyring.hpp"

// libsecret itself forgets a few bytes for each prompt; nothing else may.
// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp,readability-identifier-naming)
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:_secret_prompt_instance\n"; }
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "fast_unwind_on_malloc=0"; }
// NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp,readability-identifier-naming)

namespace hearth::stores {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const SessionId work = *Name::parse("work");
const SessionId home = *Name::parse("home");

class SecretService : public ::testing::Test {
  protected:
    static SecretServiceStore store(const std::string& address, Span timeout = 10s) {
        return SecretServiceStore({.installation = "0123abcd",
                                   .timeout = timeout,
                                   .prompt_timeout = 3s,
                                   .bus_address = address});
    }
    testing::Keyring keyring;
};

std::string text(const StoreResult<std::optional<Secret>>& loaded) {
    if (!loaded) return "error: " + loaded.error().error.what;
    return *loaded ? std::string((*loaded)->reveal()) : "absent";
}

#define EXPECT_DONE(expression)                                                        \
    do {                                                                               \
        const auto result = (expression);                                              \
        EXPECT_TRUE(result) << result.error().error.what << result.error().error.hint; \
    } while (false)

TEST_F(SecretService, gives_back_what_was_saved) {
    auto one = store(keyring.address());
    EXPECT_EQ(text(one.load(work)), "absent");
    EXPECT_DONE(one.save(work, Secret("first")));
    EXPECT_DONE(one.save(work, Secret("second")));
    EXPECT_DONE(one.save(home, Secret("other")));
    EXPECT_EQ(text(one.load(work)), "second");
    EXPECT_EQ(keyring.items(), 2) << "a second save replaces the item";
    EXPECT_THAT(*one.list(), ElementsAre(home, work));
    EXPECT_DONE(one.erase(work));
    EXPECT_DONE(one.erase(work));
    EXPECT_EQ(text(one.load(work)), "absent");
    EXPECT_EQ(keyring.label(), "hearth: home");
    EXPECT_DONE(one.probe());
    EXPECT_EQ(one.describe(), "Secret Service, collection login");
}

TEST_F(SecretService, takes_documents_of_any_content_and_a_hundred_kilobytes) {
    auto one = store(keyring.address());
    std::string long_text(100UL * 1024, 'x');
    for (std::size_t i = 0; i < long_text.size(); i += 3) long_text[i] = static_cast<char>(i / 3);
    EXPECT_DONE(one.save(work, Secret(long_text)));
    const auto loaded = one.load(work);
    ASSERT_TRUE(loaded && *loaded);
    EXPECT_TRUE((*loaded)->reveal() == long_text);
}

TEST_F(SecretService, survives_a_restart_of_the_keyring) {
    auto one = store(keyring.address());
    EXPECT_DONE(one.save(work, Secret("document")));
    keyring.kill();
    const auto gone = one.load(work);
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().fault, Fault::unavailable);
    EXPECT_THAT(gone.error().error.hint, HasSubstr("store.kind sealed"));
    keyring.start();
    EXPECT_EQ(text(one.load(work)), "document");
}

TEST_F(SecretService, changes_over_to_a_keyring_that_was_restarted_between_two_calls) {
    auto one = store(keyring.address());
    EXPECT_DONE(one.save(work, Secret("document")));
    keyring.kill();
    keyring.start();
    EXPECT_EQ(text(one.load(work)), "document");
    keyring.kill();
    keyring.start();
    EXPECT_DONE(one.save(work, Secret("new")));
    EXPECT_EQ(text(one.load(work)), "new");
}

TEST_F(SecretService, survives_the_end_of_the_bus) {
    auto one = store(keyring.address());
    EXPECT_DONE(one.save(work, Secret("document")));
    keyring.kill_bus();
    EXPECT_EQ(one.load(work).error().fault, Fault::unavailable);
    keyring.start_bus();
    keyring.start();
    EXPECT_EQ(text(one.load(work)), "document");
}

TEST_F(SecretService, says_locked_and_not_absent_when_the_collection_is_locked) {
    auto one = store(keyring.address());
    EXPECT_DONE(one.save(work, Secret("document")));
    keyring.lock();
    for (const auto& id : {work, home}) {
        const auto loaded = one.load(id);
        ASSERT_FALSE(loaded) << text(loaded);
        EXPECT_EQ(loaded.error().fault, Fault::locked);
        EXPECT_EQ(loaded.error().error.remedy, Remedy::store_locked);
    }
    EXPECT_EQ(one.save(work, Secret("x")).error().fault, Fault::locked);
    EXPECT_EQ(one.save(home, Secret("x")).error().fault, Fault::locked);
    EXPECT_EQ(one.erase(work).error().fault, Fault::locked);
    EXPECT_EQ(one.list().error().fault, Fault::locked);
    EXPECT_EQ(one.probe().error().fault, Fault::locked);
    keyring.unlock();
    EXPECT_EQ(text(one.load(work)), "document");
}

TEST_F(SecretService, says_locked_when_the_keyring_came_back_with_a_wrong_password) {
    auto one = store(keyring.address());
    EXPECT_DONE(one.save(work, Secret("document")));
    keyring.kill();
    keyring.start("wrong");
    const auto loaded = one.load(work);
    ASSERT_FALSE(loaded) << text(loaded);
    EXPECT_EQ(loaded.error().fault, Fault::locked);
    EXPECT_EQ(one.list().error().fault, Fault::locked);
}

TEST_F(SecretService, says_locked_when_nobody_answers_the_prompt) {
    auto one = store(keyring.address());
    keyring.lock();
    const auto unlocked = one.unlock(Secret());
    ASSERT_FALSE(unlocked);
    EXPECT_TRUE(unlocked.error().fault == Fault::locked ||
                unlocked.error().fault == Fault::timed_out)
        << unlocked.error().error.what;
    keyring.unlock();
    EXPECT_DONE(one.unlock(Secret()));
    EXPECT_DONE(one.probe());
}

TEST_F(SecretService, closes_alone_when_it_is_locked) {
    auto one = store(keyring.address());
    auto other = store(keyring.address());
    EXPECT_DONE(one.save(work, Secret("document")));
    one.lock();
    EXPECT_EQ(one.load(work).error().fault, Fault::locked);
    EXPECT_EQ(text(other.load(work)), "document");
    EXPECT_DONE(one.unlock(Secret()));
    EXPECT_EQ(text(one.load(work)), "document");
}

TEST_F(SecretService, ends_a_call_that_the_keyring_never_answers) {
    auto one = store(keyring.address(), 2s);
    EXPECT_DONE(one.save(work, Secret("document")));
    keyring.freeze();
    const auto loaded = one.load(work);
    keyring.thaw();
    ASSERT_FALSE(loaded) << text(loaded);
    EXPECT_EQ(loaded.error().fault, Fault::timed_out);
    EXPECT_EQ(loaded.error().error.remedy, Remedy::store_locked);
    auto patient = store(keyring.address());
    EXPECT_EQ(text(patient.load(work)), "document");
}

TEST_F(SecretService, ends_calls_of_several_threads_that_the_keyring_never_answers) {
    auto one = store(keyring.address(), 2s);
    EXPECT_DONE(one.probe());
    keyring.freeze();
    std::atomic<int> timed_out = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&] {
                const auto loaded = one.load(work);
                if (!loaded && loaded.error().fault == Fault::timed_out) ++timed_out;
            });
        }
    }
    keyring.thaw();
    EXPECT_EQ(timed_out, 8);
}

TEST(SecretServiceBus, that_accepts_and_never_answers_is_given_up_in_time) {
    const testing::SilentBus bus;
    SecretServiceStore one({.installation = "i", .timeout = 300ms, .bus_address = bus.address()});
    const auto loaded = one.load(work);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().fault, Fault::timed_out);
}

TEST(SecretServiceBus, that_is_not_there_is_unavailable_with_a_way_out) {
    SecretServiceStore one(
        {.installation = "i", .timeout = 5s, .bus_address = "unix:path=/nonexistent/bus"});
    const auto loaded = one.load(work);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().fault, Fault::unavailable);
    EXPECT_EQ(loaded.error().error.remedy, Remedy::store_locked);
    EXPECT_THAT(loaded.error().error.hint, HasSubstr("hearth config set store.kind sealed"));
    EXPECT_EQ(one.unlock(Secret()).error().fault, Fault::unavailable);
}

TEST_F(SecretService, keeps_installations_apart) {
    auto one = store(keyring.address());
    SecretServiceStore other({.installation = "another", .bus_address = keyring.address()});
    EXPECT_DONE(one.save(work, Secret("one's")));
    EXPECT_EQ(text(other.load(work)), "absent");
    EXPECT_DONE(other.save(work, Secret("other's")));
    EXPECT_EQ(text(one.load(work)), "one's");
    EXPECT_TRUE(other.erase(work));
    EXPECT_THAT(*one.list(), ElementsAre(work));
}

TEST_F(SecretService, serves_many_threads_at_once) {
    auto one = store(keyring.address(), 30s);
    std::atomic<int> right = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&, i] {
                const auto id = *Name::parse("session-" + std::to_string(i));
                for (int round = 0; round < 10; ++round) {
                    const auto document = std::to_string(i) + "/" + std::to_string(round);
                    if (!one.save(id, Secret(document))) continue;
                    if (text(one.load(id)) == document) ++right;
                }
            });
        }
    }
    EXPECT_EQ(right, 80);
    EXPECT_EQ(keyring.items(), 8);
}

}  // namespace
}  // namespace hearth::stores
