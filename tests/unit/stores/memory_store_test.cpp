#include "stores/memory_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::stores {
namespace {

const SessionId work = *Name::parse("work");

TEST(MemoryStore, gives_back_what_was_saved_last) {
    MemoryStore store;
    ASSERT_TRUE(store.load(work));
    EXPECT_FALSE(store.load(work)->has_value());
    ASSERT_TRUE(store.save(work, Secret("first")));
    ASSERT_TRUE(store.save(work, Secret("second")));
    EXPECT_EQ((*store.load(work))->reveal(), "second");
    EXPECT_THAT(*store.list(), ::testing::ElementsAre(work));
    ASSERT_TRUE(store.erase(work));
    EXPECT_FALSE(store.load(work)->has_value());
    EXPECT_TRUE(store.list()->empty());
}

TEST(MemoryStore, keeps_sessions_out_of_reach_while_it_is_locked) {
    MemoryStore store;
    ASSERT_TRUE(store.save(work, Secret("kept")));
    store.lock();
    EXPECT_EQ(store.load(work).error().fault, Fault::locked);
    EXPECT_EQ(store.save(work, Secret("x")).error().fault, Fault::locked);
    EXPECT_EQ(store.probe().error().error.remedy, Remedy::store_locked);
    ASSERT_TRUE(store.unlock(Secret()));
    EXPECT_EQ((*store.load(work))->reveal(), "kept");
}

}  // namespace
}  // namespace hearth::stores
